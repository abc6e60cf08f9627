import { netDefinitions } from '../caffe/netDefinitions';
import { parsePrototxt } from '../prototxt/parse';
import { SourceText, type SourceRange } from '../prototxt/source';
import type { FieldNode } from '../prototxt/tree';

/** The place of a layer in a net's text as it is now; undefined where there is none of the name. */
export function findLayer(text: string, netIndex: number, layer: string): SourceRange | undefined {
  const source = new SourceText('', text);
  const net = netDefinitions(source)[netIndex]?.range;
  if (net === undefined) return undefined;
  const layers = parsePrototxt(source)
    .root.fields.filter(({ name }) => name === 'layer' || name === 'layers')
    .filter(({ range }) => range.start >= net.start && range.end <= net.end);
  return layers.find((field) => bearsName(field, layer))?.range;
}

/** In a V0 net the name is one level deeper: `layers { layer { name: "conv1" } }`. */
function bearsName({ values }: FieldNode, layer: string): boolean {
  return values.some(
    (value) =>
      value.kind === 'message' &&
      value.fields.some(
        (field) =>
          (field.name === 'layer' && bearsName(field, layer)) ||
          (field.name === 'name' &&
            field.values.some((v) => v.kind === 'scalar' && v.value === layer)),
      ),
  );
}
