/** Collects a repeated float field, which may come packed, one by one, or as a mix of both. */
export class FloatCollector {
  #values = new Float32Array(0);
  #count = 0;

  add(value: number): void {
    this.#reserve(1);
    this.#values[this.#count++] = value;
  }

  /**
   * Adds little-endian floats at any alignment.
   *
   * @throws RangeError when the bytes are no whole count of floats.
   */
  addPacked(bytes: Uint8Array): void {
    if (bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) {
      throw new RangeError(`${bytes.length} bytes are no whole count of floats`);
    }
    const count = bytes.length / Float32Array.BYTES_PER_ELEMENT;
    this.#reserve(count);
    new Uint8Array(this.#values.buffer).set(bytes, this.#count * Float32Array.BYTES_PER_ELEMENT);
    this.#count += count;
  }

  /** What was collected, without a copy. */
  finish(): Float32Array {
    return this.#values.subarray(0, this.#count);
  }

  #reserve(count: number): void {
    const needed = this.#count + count;
    if (needed <= this.#values.length) return;
    const grown = new Float32Array(Math.max(needed, 2 * this.#values.length));
    grown.set(this.#values.subarray(0, this.#count));
    this.#values = grown;
  }
}
