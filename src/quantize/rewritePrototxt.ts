import { ristrettoType } from '../caffe/layerTypes';
import type { NetFile } from '../caffe/netFile';
import type { Candidate, FixedPointFormat, LayerFormats } from '../caffe/numberFormat';
import { UserError } from '../base/userError';
import { PrototxtEdit } from '../prototxt/edit';
import { quote } from '../prototxt/strings';
import type { FieldSpec } from '../prototxt/fieldSpec';

/**
 * Writes a candidate into the user's own prototxt: only `type` and `quantization_param` of the
 * quantized layers change, every other byte stays. Of a file that defines several nets, the chosen
 * one's part is written.
 */
export function rewritePrototxt(file: NetFile, candidate: Candidate): string {
  const { message, nodes } = file.bound;
  const edit = new PrototxtEdit(file.source, file.root);
  for (const layer of message.layer) {
    const formats = candidate.get(layer.name);
    const node = nodes.messageNode(layer);
    // A data layer may share its name with a layer to quantize; only the latter has such a type.
    const type = ristrettoType(layer.type);
    if (formats === undefined || node === undefined || type === undefined) continue;
    edit.setScalar(node, 'type', quote(type));
    edit.setMessage(node, 'quantization_param', quantizationFields(formats));
  }
  const edited = edit.apply();
  if (file.section === undefined) return edited;
  const after = file.source.text.length - file.section.end;
  return edited.slice(file.section.start, edited.length - after);
}

/** Fields of a `quantization_param` by field number, exactly those the original writes. */
export function quantizationFields({ input, output, weights }: LayerFormats): FieldSpec[] {
  if (weights.kind === 'minifloat') {
    return fields({
      precision: 'MINIFLOAT',
      mant_bits: weights.mantissaBits,
      exp_bits: weights.exponentBits,
    });
  }
  const layerIn = asFixedPoint(input);
  const layerOut = asFixedPoint(output);
  if (weights.kind === 'powerOfTwo') {
    return fields({
      precision: 'INTEGER_POWER_OF_2_WEIGHTS',
      bw_layer_in: layerIn.bits,
      bw_layer_out: layerOut.bits,
      fl_layer_in: layerIn.fractionalLength,
      fl_layer_out: layerOut.fractionalLength,
      exp_min: weights.minExponent,
      exp_max: weights.maxExponent,
    });
  }
  const params = asFixedPoint(weights);
  return fields({
    bw_layer_in: layerIn.bits,
    bw_layer_out: layerOut.bits,
    bw_params: params.bits,
    fl_layer_in: layerIn.fractionalLength,
    fl_layer_out: layerOut.fractionalLength,
    fl_params: params.fractionalLength,
  });
}

function fields(values: Readonly<Record<string, string | number>>): FieldSpec[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

function asFixedPoint(format: LayerFormats['input']): FixedPointFormat {
  if (format.kind === 'fixedPoint') return format;
  throw new UserError(
    'quantize/format',
    `the prototxt format cannot hold ${format.kind} activations beside these weights`,
  );
}
