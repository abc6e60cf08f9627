import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How a field's value is stored; groups (3 and 4) occur in no file that Caffe writes. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A message ends at this byte of the file; the outermost one has no stated end. */
export type MessageEnd = number;

/** A fault in the bytes of a protobuf file; the caller adds what it was reading. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';

  constructor(
    readonly kind: 'truncated' | 'invalid',
    /** The byte of the file at which the faulty item starts, counted from 0. */
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const WINDOW_BYTES = 64 * 1024;

// One read of the operating system cannot return 2 GiB or more.
const MAX_READ_BYTES = 1 << 30;

const MAX_VARINT_BYTES = 10;

/**
 * Reads the protobuf wire format from a file through a small window, so that a big file is never
 * in memory as a whole: large fields go from the file straight into the caller's array.
 *
 * Every length is checked before it is believed. All methods throw {@link ProtobufError} for bytes
 * that are no protobuf, and the system's own error when a read fails.
 */
export class ProtobufFile {
  /** Bytes in the file when it was opened. */
  readonly size: number;
  readonly #fd: number;
  readonly #window = Buffer.allocUnsafe(WINDOW_BYTES);
  #windowStart = 0;
  #windowLength = 0;
  #position = 0;

  /** Opens the file. Throws the system's error (`ENOENT`, ...) when that fails. */
  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.size = fstatSync(this.#fd).size;
  }

  /** The byte of the file that is read next. */
  get position(): number {
    return this.#position;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** The first bytes of the file, `count` or fewer; reading goes on where it was. */
  peekStart(count: number): Uint8Array {
    const bytes = Buffer.alloc(Math.min(count, this.size));
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, bytes.length, 0));
  }

  /** Visits each field of the outermost message; `visit` must read or skip the field's value. */
  forEachTopLevelField(visit: (field: number, wireType: number) => void): void {
    while (this.#position < this.size) this.#visitField(Infinity, visit);
  }

  /** Visits each field of a message that {@link enter} has opened. */
  forEachField(end: MessageEnd, visit: (field: number, wireType: number) => void): void {
    while (this.#position < end) this.#visitField(end, visit);
  }

  /**
   * Reads the length of a nested message, string or packed field and returns where it ends. The
   * end may lie past that of a truncated file: going on until the bytes run out lets the error
   * name the layer that was cut.
   */
  enter(wireType: number, parentEnd: MessageEnd): MessageEnd {
    this.expect(wireType, wireTypes.bytes);
    const start = this.#position;
    const length = this.readVarint(parentEnd);
    if (length > Number.MAX_SAFE_INTEGER) throw this.#invalid(start, 'a length is not a number');
    const end = this.#position + length;
    if (end > parentEnd) {
      throw this.#invalid(start, `a length of ${length} bytes runs past the end of its message`);
    }
    return end;
  }

  /** Throws unless the field just begun is stored in the way that its type demands. */
  expect(wireType: number, expected: number): void {
    if (wireType === expected) return;
    throw this.#invalid(this.#position, `a field has wire type ${wireType}, not ${expected}`);
  }

  /** An unsigned integer; one over `Number.MAX_SAFE_INTEGER` (or negative) comes out inexact. */
  readVarint(end: MessageEnd): number {
    const start = this.#position;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      this.#need(1, end, start);
      const byte = this.#nextByte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw this.#invalid(start, `a number has more than ${MAX_VARINT_BYTES} bytes`);
  }

  /** A string that fills the file up to `end`, of at most `maxBytes`. */
  readString(end: MessageEnd, maxBytes: number): string {
    const length = end - this.#position;
    if (length > maxBytes) {
      throw this.#invalid(this.#position, `a name of ${length} bytes is too long`);
    }
    this.#need(length, end, this.#position);
    const bytes = Buffer.alloc(length);
    this.readInto(bytes);
    return bytes.toString('utf8');
  }

  /** Throws unless `length` more bytes exist: to be called before memory is set aside for them. */
  requireBytes(length: number, end: MessageEnd): void {
    this.#need(length, end, this.#position);
  }

  /** Fills `target` with the next bytes. */
  readInto(target: Uint8Array): void {
    this.#need(target.length, Infinity, this.#position);
    let filled = 0;
    while (filled < target.length) {
      if (this.#available() === 0) {
        const rest = target.length - filled;
        if (rest >= WINDOW_BYTES) {
          filled += this.#readDirect(target, filled);
          continue;
        }
        this.#fillWindow();
      }
      const from = this.#position - this.#windowStart;
      const count = Math.min(this.#available(), target.length - filled);
      target.set(this.#window.subarray(from, from + count), filled);
      this.#position += count;
      filled += count;
    }
  }

  /** Passes over the value of a field that is of no interest. */
  skip(wireType: number, end: MessageEnd): void {
    const start = this.#position;
    switch (wireType) {
      case wireTypes.varint:
        this.readVarint(end);
        return;
      case wireTypes.fixed64:
        this.#advance(8, end, start);
        return;
      case wireTypes.bytes:
        this.#advance(this.enter(wireType, end) - this.#position, end, start);
        return;
      case wireTypes.fixed32:
        this.#advance(4, end, start);
        return;
      default:
        throw this.#invalid(start, `wire type ${wireType} does not exist in Caffe's files`);
    }
  }

  #visitField(end: MessageEnd, visit: (field: number, wireType: number) => void): void {
    const start = this.#position;
    const tag = this.readVarint(end);
    const field = Math.floor(tag / 8);
    if (field === 0 || tag > 0xffff_ffff) throw this.#invalid(start, 'there is no field here');
    visit(field, tag % 8);
    // A nested message may state an end that its own fields overrun only through a fault of ours.
    if (this.#position > end) throw new RangeError('a field was read past its message');
  }

  #advance(count: number, end: MessageEnd, start: number): void {
    this.#need(count, end, start);
    this.#position += count;
  }

  #need(count: number, end: MessageEnd, start: number): void {
    if (this.#position + count > this.size) {
      throw new ProtobufError(
        'truncated',
        start,
        `the file ends at byte ${this.size}, ${this.#position + count - this.size} bytes too early`,
      );
    }
    if (this.#position + count > end) {
      throw this.#invalid(start, 'a value runs past the end of its message');
    }
  }

  #available(): number {
    const ahead = this.#windowStart + this.#windowLength - this.#position;
    return this.#position >= this.#windowStart && ahead > 0 ? ahead : 0;
  }

  #nextByte(): number {
    if (this.#available() === 0) this.#fillWindow();
    const byte = this.#window[this.#position - this.#windowStart];
    this.#position++;
    return byte ?? 0;
  }

  #fillWindow(): void {
    this.#windowStart = this.#position;
    this.#windowLength = this.#readAt(this.#window, 0, WINDOW_BYTES);
  }

  #readDirect(target: Uint8Array, at: number): number {
    const count = this.#readAt(target, at, Math.min(target.length - at, MAX_READ_BYTES));
    this.#position += count;
    return count;
  }

  #readAt(target: Uint8Array, at: number, length: number): number {
    const count = readSync(this.#fd, target, at, length, this.#position);
    // Only a file that shrinks while it is read gets here: the sizes were checked before.
    if (count === 0) {
      throw new ProtobufError('truncated', this.#position, 'the file ended while it was read');
    }
    return count;
  }

  #invalid(offset: number, message: string): ProtobufError {
    return new ProtobufError('invalid', offset, message);
  }
}
