import type { LmdbFile } from './lmdbFile';
import type { LmdbMeta } from './lmdbMeta';
import { TreePage } from './lmdbPage';
import { OverflowReader } from './lmdbValue';

/** One record of an LMDB. */
export interface LmdbRecord {
  /** A copy, the caller's to keep. */
  readonly key: Uint8Array;
  /** A view of the cursor's buffers, valid until the cursor moves. */
  readonly value: Uint8Array;
}

/**
 * Walks an LMDB's main tree in key order. It holds one page per level of the tree, so going on is
 * cheap, and one page of pointers is read once however many records hang on it.
 *
 * Damaged files end in a UserError, always: the walk never goes deeper than the meta page says,
 * no page of it is empty, and it stops as soon as it has met more records than there should be.
 * All methods throw `lmdb/truncated`, `lmdb/corrupt`, `lmdb/unsupported` or `lmdb/unreadable`.
 */
export class LmdbCursor {
  readonly #file: LmdbFile;
  readonly #meta: LmdbMeta;
  /** From the root to a leaf. */
  readonly #levels: Level[];
  readonly #leaf: Level;
  readonly #overflow: OverflowReader;
  /** Records passed, the current one included. */
  #passed = 0;
  #previousKey: Uint8Array | undefined;
  #failure: Error | undefined;

  constructor(file: LmdbFile, meta: LmdbMeta) {
    this.#file = file;
    this.#meta = meta;
    this.#levels = Array.from({ length: meta.depth }, () => new Level(new TreePage(file, meta)));
    this.#leaf = this.#levels.at(-1) ?? new Level(new TreePage(file, meta));
    this.#overflow = new OverflowReader(file, meta);
  }

  /** Index (from 0) of the record that {@link next} returns. */
  get position(): number {
    return this.#passed;
  }

  /** The next record, or undefined past the last one. */
  next(): LmdbRecord | undefined {
    return this.#guarded(() => (this.#advance(1) ? this.#current() : undefined));
  }

  /** Passes over `count` records, or to the end where there are fewer; values are not read. */
  skip(count: number): void {
    this.#guarded(() => {
      for (let left = count; left > 0;) {
        const onPage = this.#leaf.page.count - 1 - this.#leaf.index;
        // The last record of a page is passed by itself, as that may open the next page.
        const step = this.#passed === 0 || onPage <= 0 ? 1 : Math.min(left, onPage);
        if (!this.#advance(step)) return;
        left -= step;
      }
      this.#previousKey = undefined;
    });
  }

  /** Back to before the first record. */
  rewind(): void {
    this.#passed = 0;
    this.#previousKey = undefined;
    this.#failure = undefined;
  }

  /** Moves on; `step` must not go past the current leaf page unless it is 1. */
  #advance(step: number): boolean {
    const { entryCount, rootPage } = this.#meta;
    if (this.#passed === 0) {
      this.#descend(0, rootPage);
    } else if (!this.#moveInLeaf(step) && !this.#openNextLeaf()) {
      if (this.#passed === entryCount) return false;
      throw this.#file.corrupt(`it has ${this.#passed} records, but gives ${entryCount}`);
    }
    if (this.#passed + step > entryCount) {
      throw this.#file.corrupt(`it has more records than the ${entryCount} it gives`);
    }
    this.#passed += step;
    return true;
  }

  #moveInLeaf(step: number): boolean {
    if (this.#leaf.index + step >= this.#leaf.page.count) return false;
    this.#leaf.index += step;
    return true;
  }

  #openNextLeaf(): boolean {
    for (let depth = this.#levels.length - 2; depth >= 0; depth--) {
      const level = this.#levels[depth];
      if (level === undefined || level.index + 1 >= level.page.count) continue;
      level.index++;
      this.#descend(depth + 1, level.page.child(level.index));
      return true;
    }
    return false;
  }

  /** Loads the pages from `depth` down to the leaf, each at its first node. */
  #descend(depth: number, pageNumber: number): void {
    let number = pageNumber;
    for (const level of this.#levels.slice(depth)) {
      level.page.load(number, level === this.#leaf ? 'leaf' : 'branch');
      level.index = 0;
      if (level !== this.#leaf) number = level.page.child(0);
    }
  }

  #current(): LmdbRecord {
    const { page, index } = this.#leaf;
    const node = page.leafNode(index);
    const key = page.bytes.slice(node.keyStart, node.keyEnd);
    this.#checkOrder(key);
    const value =
      node.value.kind === 'inline'
        ? page.bytes.subarray(node.value.start, node.value.start + node.valueLength)
        : this.#overflow.read(node.value.page, node.valueLength);
    return { key, value };
  }

  /** Keys out of order betray pages that are linked wrongly, which would repeat or drop records. */
  #checkOrder(key: Uint8Array): void {
    const previous = this.#previousKey;
    this.#previousKey = key;
    if (previous === undefined || !this.#meta.plainKeyOrder) return;
    if (Buffer.compare(previous, key) < 0) return;
    throw this.#file.corrupt(`the key of record ${this.#passed - 1} is out of order`);
  }

  /** After a failure the pages in memory are in no known state: only a rewind helps. */
  #guarded<T>(step: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return step();
    } catch (cause) {
      if (cause instanceof Error) this.#failure = cause;
      throw cause;
    }
  }
}

/** Where a cursor stands on one level of the tree. */
class Level {
  index = 0;

  constructor(readonly page: TreePage) {}
}
