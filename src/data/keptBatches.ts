/** Most bytes of batches to keep: feature tables are small, and images are read again. */
const mostKeptBytes = 2 ** 28;

/** Batches that were read before, since the same ones are asked for pass after pass. */
export class KeptBatches {
  readonly #kept = new Map<number, readonly Float32Array[]>();
  #bytesLeft = mostKeptBytes;

  /** The batch of a number, kept or read now; the first ones are kept. */
  get(id: number, read: () => readonly Float32Array[]): readonly Float32Array[] {
    const known = this.#kept.get(id);
    if (known !== undefined) return known;
    const arrays = read();
    const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (bytes <= this.#bytesLeft) {
      this.#bytesLeft -= bytes;
      this.#kept.set(id, arrays);
    }
    return arrays;
  }

  clear(): void {
    this.#kept.clear();
    this.#bytesLeft = mostKeptBytes;
  }
}
