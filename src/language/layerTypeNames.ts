import { quantizedTypes } from '../caffe/layerTypes';
import { v0Types, v1Types } from '../caffe/upgrade/oldTypes';
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

/** The types as a file of an old form writes them. */
export function oldTypeNames(form: 'V1' | 'V0'): readonly string[] {
  return form === 'V0'
    ? [...v0Types.keys(), 'padding']
    : Object.keys(v1Types).filter((name) => name !== 'NONE');
}
