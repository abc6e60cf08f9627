import type { Format, FormatKind } from './format';

/** IEEE single precision: the value as it is. */
export interface Float32Format {
  readonly kind: 'float32';
}

export const float32: Float32Format = { kind: 'float32' };

/** Whether nothing is rounded. */
export function isFloat32(format: Format): format is Float32Format {
  return format.kind === float32.kind;
}

export const float32Kind: FormatKind<Float32Format> = {
  kind: 'float32',
  key: () => 'float32',
  bits: () => 32,
  fault: () => undefined,
  brief: () => 'float',
  full: () => '32 bit float',
  explain: () => 'not rounded',
  quantize: (data) => data,
  writeNodes: (_, value) => value,
};
