import { ristrettoType } from '../caffe/layerTypes';
import type { NetFile } from '../caffe/netFile';
import type { Candidate } from '../formats/layerFormats';
import { quantizationFields } from '../formats/quantizationParam';
import { PrototxtEdit } from '../prototxt/edit';
import { quote } from '../prototxt/strings';

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
