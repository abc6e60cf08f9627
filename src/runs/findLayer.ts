import { netDefinitions } from '../caffe/netDefinitions';
import { parsePrototxt } from '../prototxt/parse';
import { SourceText, type SourceRange } from '../prototxt/source';

/** The place of a layer in a net's text as it is now; undefined where there is none of the name. */
export function findLayer(text: string, netIndex: number, layer: string): SourceRange | undefined {
  const source = new SourceText('', text);
  const net = netDefinitions(source)[netIndex]?.range;
  if (net === undefined) return undefined;
  const layers = parsePrototxt(source)
    .root.fields.filter(({ name }) => name === 'layer' || name === 'layers')
    .filter(({ range }) => range.start >= net.start && range.end <= net.end);
  return layers.find(({ values }) =>
    values.some(
      (value) =>
        value.kind === 'message' &&
        value.fields.some(
          ({ name, values: names }) =>
            name === 'name' && names.some((v) => v.kind === 'scalar' && v.value === layer),
        ),
    ),
  )?.range;
}
