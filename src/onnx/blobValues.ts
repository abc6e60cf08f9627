import { isFloat32 } from '../formats/float32';
import { formatKey, gridOf, type NumberFormat } from '../formats/formats';
import { isWithinGrid, type Grid } from '../formats/grid';
import type { GraphBuilder, Value } from './graph';
import type { Shape } from '../base/shape';
import { emitQuantizer } from './quantizers';

/**
 * What a piece of Caffe's memory holds at one point of the net. A quantizer to a grid may wait
 * (`pending`) until someone needs the quantized values: a max pooling or a ReLU in between then runs
 * first, on the same bits, and leaves fewer values to round.
 */
interface Memory {
  value: Value;
  pending: NumberFormat | undefined;
  /** The numbers that all values are, or will be once they are rounded, known to be among. */
  grid: Grid | undefined;
  /** The value in other shapes, by shape; emptied whenever the value changes. */
  readonly reshaped: Map<string, Value>;
}

/** A blob: a piece of memory, which it may share with other blobs, and its own shape. */
export class BlobValue {
  private constructor(
    private readonly builder: GraphBuilder,
    private readonly memory: Memory,
    readonly shape: Shape,
  ) {}

  static of(builder: GraphBuilder, value: Value): BlobValue {
    const memory: Memory = { value, pending: undefined, grid: undefined, reshaped: new Map() };
    return new BlobValue(builder, memory, value.shape);
  }

  /** A blob of another shape in the same memory. */
  viewAs(shape: Shape): BlobValue {
    return new BlobValue(this.builder, this.memory, shape);
  }

  /** Another blob's content replaces this one's, for all that share the memory. */
  overwrite({ memory }: BlobValue): void {
    this.set(memory.value);
    this.memory.pending = memory.pending;
    this.memory.grid = memory.grid;
  }

  /** The values, rounded by whatever was still pending. */
  settle(): Value {
    const { pending, value } = this.memory;
    if (pending !== undefined) {
      this.set(emitQuantizer(this.builder, value, pending, `${value.name}:quantized`));
      this.memory.pending = undefined;
    }
    return this.shaped();
  }

  /** The value as it stands, without what is still to be rounded or reshaped. */
  peek(): Value {
    return this.memory.value;
  }

  /** Rounds to a format, now or when it is needed; nothing is done where it changes nothing. */
  quantize(format: NumberFormat): void {
    if (isFloat32(format)) return;
    const grid = gridOf(format);
    if (grid === undefined) {
      this.settle();
      const { value } = this.memory;
      this.set(emitQuantizer(this.builder, value, format, `${value.name}:${formatKey(format)}`));
      this.memory.grid = undefined;
      return;
    }
    if (isWithinGrid(this.memory.grid, grid)) return;
    this.settle();
    this.memory.pending = format;
    this.memory.grid = grid;
  }

  /**
   * What a layer that commutes with rounding to a grid makes of this blob.
   *
   * @param emit writes the layer's nodes on the values that are not yet rounded
   */
  through(emit: (value: Value) => Value): BlobValue {
    const made = BlobValue.of(this.builder, emit(this.shaped()));
    made.memory.pending = this.memory.pending;
    made.memory.grid = this.memory.grid;
    return made;
  }

  private set(value: Value): void {
    this.memory.value = value;
    this.memory.reshaped.clear();
  }

  /** The memory's value in this blob's shape. */
  private shaped(): Value {
    const { value, reshaped } = this.memory;
    const key = this.shape.join('x');
    if (value.shape.join('x') === key) return value;
    const known = reshaped.get(key);
    if (known !== undefined) return known;
    // Not by its sizes: they may follow the number of images, and names must not.
    const name = `${value.name}:reshaped`;
    const target = this.builder.integers(`${name}:shape`, this.shape);
    const made = this.builder.node('Reshape', [value, target], { name, shape: this.shape });
    reshaped.set(key, made);
    return made;
  }
}
