import { UserError } from '../base/userError';
import { caffeSchema } from '../caffe/caffeSchema';
import type { QuantizationParameter } from '../caffe/schema';
import { float32 } from './float32';
import type { FieldFault, Side, WeightFields } from './format';
import { formatKinds, kindOf, type NumberFormat } from './formats';
import type { LayerFormats } from './layerFormats';

const sides: readonly Side[] = ['in', 'out'];

/**
 * What a `quantization_param` block means. The file's defaults (32 bits, fractional length 16)
 * are formats like any other: a layer of a Ristretto type is never plain float because a field
 * is missing.
 */
export function readQuantizationParam(param: QuantizationParameter): LayerFormats {
  const fields = weightFieldsOf(param);
  const weights = fields.read(param);
  if (fields.alsoOf === 'bias and activations') {
    return { input: weights, output: weights, weights, bias: weights };
  }
  return {
    input: readActivations(param, 'in'),
    output: readActivations(param, 'out'),
    weights,
    bias: fields.alsoOf === 'bias' ? weights : float32,
  };
}

/** What of a block cannot be; fields that its precision does not read say nothing. */
export function quantizationFaults(param: QuantizationParameter): readonly FieldFault[] {
  const fields = weightFieldsOf(param);
  const own = fields.faults(param);
  if (fields.alsoOf === 'bias and activations') return own;
  const others = sides.flatMap((side) => {
    const format = readActivations(param, side);
    return kindOf(format).activations?.faults(param, side) ?? [];
  });
  return [...own, ...others];
}

/**
 * The fields of a block by name, exactly those the original writes, in the order of the schema.
 *
 * @throws UserError for formats that a block cannot hold together
 */
export function quantizationFields(
  formats: LayerFormats,
): { readonly name: string; readonly value: string }[] {
  const { weights } = formats;
  const fields = kindOf(weights).weights;
  if (fields === undefined) {
    throw new UserError(
      'quantize/format',
      `the prototxt format cannot hold ${weights.kind} weights`,
    );
  }
  const values: Partial<QuantizationParameter> = {
    precision: fields.precision,
    ...fields.fields(weights),
    ...(fields.alsoOf === 'bias and activations'
      ? {}
      : { ...activationFields(formats.input, 'in'), ...activationFields(formats.output, 'out') }),
  };
  const order = [...caffeSchema.message('QuantizationParameter').fields.values()];
  return order.flatMap(({ name, defaultValue }) => {
    const value = values[name as keyof QuantizationParameter];
    // The usual precision is left out, numbers never are.
    const isLeftOut = value === undefined || (name === 'precision' && value === defaultValue);
    return isLeftOut ? [] : [{ name, value: String(value) }];
  });
}

function activationFields(format: NumberFormat, side: Side): Partial<QuantizationParameter> {
  const fields = kindOf(format).activations;
  if (fields !== undefined) return fields.fields(format, side);
  throw new UserError(
    'quantize/format',
    `the prototxt format cannot hold ${format.kind} activations beside these weights`,
  );
}

function weightFieldsOf({ precision }: QuantizationParameter): WeightFields<NumberFormat> {
  for (const { weights } of formatKinds) {
    if (weights?.precision === precision) return weights;
  }
  throw new Error(`no number format has the precision ${precision}`);
}

function readActivations(param: QuantizationParameter, side: Side): NumberFormat {
  for (const { activations } of formatKinds) {
    const format = activations?.read(param, side);
    if (format !== undefined) return format;
  }
  throw new Error('no number format reads activations');
}
