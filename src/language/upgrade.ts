import { upgradeNet } from '../caffe/upgrade/upgradeNet';
import type { TextEdit } from '../prototxt/textEdit';
import type { Analysis } from './analysis';

/**
 * The edit that brings a net of the V0 or V1 form into the present one, line by line; undefined for
 * other documents, and for a net that cannot be upgraded as it stands.
 */
export function upgradeEdit({ nets, kind, root, source, text }: Analysis): TextEdit | undefined {
  const [net] = nets;
  if (kind !== 'net' || net === undefined || nets.length > 1 || net.form === 'present') {
    return undefined;
  }
  // Layers that could not be read have no form to go over to.
  if (!net.layers.some(({ layer, isHeader }) => layer !== undefined && !isHeader)) return undefined;
  const { message, nodes } = net;
  const newText = upgradeNet({ source, root, message, nodes }).source.text;
  return { range: { start: 0, end: text.length }, newText };
}
