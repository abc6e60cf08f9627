/** Largest absolute values of what a layer reads and puts out. */
export interface ActivationRange {
  readonly maxIn: number;
  readonly maxOut: number;
}

/** Largest absolute values met at one layer, bias ignored. */
export interface LayerRange extends ActivationRange {
  readonly name: string;
  readonly maxParams: number;
}

/** Integer lengths: bits left of the binary point. */
export interface IntegerLengths {
  readonly ilIn: number;
  readonly ilOut: number;
  readonly ilParams: number;
}

/**
 * Integer lengths as the original chooses them. Activations get `ceil(log2 max)`, one bit less than
 * avoiding all saturation needs, which the original does on purpose; parameters get the sign bit:
 * `ceil(log2(max) + 1)`.
 */
export function integerLengths(range: LayerRange): IntegerLengths {
  return {
    ilIn: integerLength(range.maxIn, 0),
    ilOut: integerLength(range.maxOut, 0),
    ilParams: integerLength(range.maxParams, 1),
  };
}

/** The smallest float32 number of full precision. */
export const smallestNormal = 2 ** -126;

/**
 * The logarithm of an all-zero blob is not defined: any length holds a zero. Weight decay leaves dead
 * layers with numbers below the normal ones, which are no more than zero.
 */
function integerLength(max: number, signBits: 0 | 1): number {
  // Adding 0 makes 0 of the -0 that Math.ceil gives for numbers above -1.
  return max >= smallestNormal ? Math.ceil(Math.log2(max) + signBits) + 0 : 0;
}

/** The original starts at this many, "LeNet needs 4 bits" being its reason. */
export const fewestExponentBits = 4;

/**
 * Exponent bits that hold the largest activation of the net:
 * `max(4, ceil(log2(log2(max) - 1) + 1))` over all inputs and outputs.
 */
export function minifloatExponentBits(ranges: readonly LayerRange[]): number {
  return ranges
    .flatMap((range) => [range.maxIn, range.maxOut])
    .map((max) => Math.ceil(Math.log2(Math.log2(max) - 1) + 1))
    .filter((bits) => Number.isFinite(bits))
    .reduce((most, bits) => Math.max(most, bits), fewestExponentBits);
}

/** Largest absolute value of an array; 0 for an empty one. */
export function largestMagnitude(data: Float32Array): number {
  let largest = 0;
  for (const x of data) {
    const magnitude = x < 0 ? -x : x;
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
