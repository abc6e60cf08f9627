import { formatKey, type FixedPointFormat, type NumberFormat } from '../caffe/numberFormat';
import type { GraphBuilder, Value } from './graph';
import { emitQuantizer } from './quantizers';

/**
 * What a blob holds at one point of the net. A fixed-point quantizer may wait (`pending`) until
 * someone needs the quantized values: a max pooling or a ReLU in between then runs first, on the
 * same bits, and leaves fewer values to round.
 */
export class BlobValue {
  private constructor(
    private readonly builder: GraphBuilder,
    private value: Value,
    private pending: FixedPointFormat | undefined,
    /** The fixed-point numbers all values are known to be among. */
    private grid: FixedPointFormat | undefined,
  ) {}

  static of(builder: GraphBuilder, value: Value): BlobValue {
    return new BlobValue(builder, value, undefined, undefined);
  }

  get shape(): readonly number[] {
    return this.value.shape;
  }

  /** The values, rounded by whatever was still pending. */
  settle(): Value {
    if (this.pending !== undefined) {
      this.value = emitQuantizer(
        this.builder,
        this.value,
        this.pending,
        `${this.value.name}:quantized`,
      );
      this.grid = this.pending;
      this.pending = undefined;
    }
    return this.value;
  }

  /** Rounds to a format, now or when it is needed; nothing is done where it changes nothing. */
  quantize(format: NumberFormat): void {
    if (format.kind === 'float32') return;
    if (format.kind !== 'fixedPoint') {
      const value = this.settle();
      this.value = emitQuantizer(this.builder, value, format, `${value.name}:${formatKey(format)}`);
      this.grid = undefined;
      return;
    }
    if (isWithin(this.pending ?? this.grid, format)) return;
    this.settle();
    this.pending = format;
  }

  /**
   * What a layer that commutes with fixed-point rounding makes of this blob.
   *
   * @param emit writes the layer's nodes on the values that are not yet rounded
   */
  through(emit: (value: Value) => Value): BlobValue {
    return new BlobValue(this.builder, emit(this.value), this.pending, this.grid);
  }
}

/** Whether every number of `inner` is a number of `outer` too. */
function isWithin(inner: FixedPointFormat | undefined, outer: FixedPointFormat): boolean {
  if (inner === undefined) return false;
  const finer = outer.fractionalLength >= inner.fractionalLength;
  const wider = outer.bits - outer.fractionalLength >= inner.bits - inner.fractionalLength;
  return finer && wider;
}
