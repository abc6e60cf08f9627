/** Draws of whole numbers. */
export interface RandomSource {
  /** A number from 0 to `limit - 1`, each as likely; `limit` is at least 1. */
  below(limit: number): number;
}

const UINT32_RANGE = 2 ** 32;

/**
 * The mulberry32 generator (Tommy Ettinger, public domain): 32 bits of state, plenty for choosing
 * crops, and the same on every machine. It can be seeded again without allocating.
 */
export class SeededRandom implements RandomSource {
  #state = 0;

  /** Starts a sequence that depends on nothing but these whole numbers. */
  seed(...parts: readonly number[]): this {
    this.#state = 0;
    for (const part of parts) this.#state = scramble(this.#state ^ scramble(part + 1));
    return this;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / UINT32_RANGE) * limit);
  }
}

/** MurmurHash3's final mix: neighbouring seeds (batch 1, batch 2) must not give similar draws. */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
