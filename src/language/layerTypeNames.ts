import { quantizedTypes } from '../caffe/layerTypes';
import { registeredConverters } from '../onnx/registry';
import { forkLayerTypes } from './forkTypes';

/** Types of Caffe that cannot be converted, but are no mistakes. */
const otherTypes: readonly string[] = [
  'Python',
  'WindowData',
  'HDF5Output',
  'Filter',
  'BatchReindex',
];

let names: ReadonlySet<string> | undefined;

/** Every layer type that Caffe, Ristretto or a fork that is known here has. */
export function knownLayerTypes(): ReadonlySet<string> {
  return (names ??= new Set(
    [
      ...registeredConverters().flatMap(({ types }) => types),
      ...quantizedTypes.keys(),
      ...otherTypes,
      ...forkLayerTypes,
    ].sort((a, b) => a.localeCompare(b, 'en')),
  ));
}
