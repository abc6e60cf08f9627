import { caffeSchema } from '../../caffe/caffeSchema';
import { presentType } from '../../caffe/upgrade/oldTypes';
import { quote } from '../../prototxt/strings';
import { suggestWord } from '../../base/suggest';
import type { Analysis } from '../analysis';
import { forkOfType } from '../forkTypes';
import { layerTypeEntry } from '../layerDescription';
import { knownLayerTypes } from '../layerTypeNames';
import type { NetLayer } from '../netParts';
import { insertField } from './insertField';
import { replaceFix, type Finding } from './finding';

/** Layers without a type, and types that neither Caffe nor a known fork has. */
export function layerTypeFindings(analysis: Analysis): Finding[] {
  return analysis.nets.flatMap(({ form, layers }) =>
    // The schema knows the types of V1 files; the upgrade checks those of V0 files.
    form === 'present' ? layers.flatMap((layer) => check(analysis, layer)) : [],
  );
}

function check(analysis: Analysis, layer: NetLayer): Finding[] {
  const { type, typeNode, node, isHeader } = layer;
  if (isHeader || knownLayerTypes().has(type)) return [];
  if (type === '') {
    // One that cannot be read has had its error from the schema.
    return node.fields.some(({ name }) => name === 'type') && typeNode?.text !== '""'
      ? []
      : [missingType(analysis, layer)];
  }
  const today = presentType(type);
  const nearest = today === type ? suggestType(type, layer) : today;
  const range = typeNode?.range ?? node.range;
  if (nearest === undefined) {
    const message = `Layer type "${type}" is not one of Caffe's or of a known fork: its shapes are not known`;
    return [
      { family: 'layerTypes', code: 'layer/unknown-type', severity: 'information', message, range },
    ];
  }
  return [
    {
      family: 'layerTypes',
      code: 'layer/unknown-type',
      severity: 'warning',
      message: `Unknown layer type "${type}"; did you mean "${nearest}"?`,
      range,
      fixes: () => [replaceFix(`Change to "${nearest}"`, range, quote(nearest))],
    },
  ];
}

/**
 * A type with settings of its own, which Caffe has not, is another fork's and no mistyped one. A fork's
 * type is meant only where its settings stand in the layer.
 */
function suggestType(type: string, { node }: NetLayer): string | undefined {
  const known = caffeSchema.message('LayerParameter').fields;
  const own = node.fields.map(({ name }) => name).filter((name) => name.endsWith('_param'));
  if (own.some((name) => !known.has(name))) return undefined;
  const candidates = [...knownLayerTypes()].filter((candidate) => {
    // `CReLU` is no slip for `ReLU` or `PReLU`.
    if (candidate[0]?.toLowerCase() !== type[0]?.toLowerCase()) return false;
    if (forkOfType(candidate) === undefined) return true;
    const settings = layerTypeEntry(candidate)?.settings;
    return own.some((name) => settings?.has(name));
  });
  return suggestWord(type, candidates);
}

function missingType(analysis: Analysis, { node, name, typeNode }: NetLayer): Finding {
  const open = node.open ?? node.range.start;
  const likely = likelyType(node.fields.map((field) => field.name));
  return {
    family: 'layerTypes',
    code: 'layer/no-type',
    severity: 'error',
    message: `Layer "${name}" has no type: add one, such as type: "${likely ?? 'Convolution'}"`,
    range: typeNode?.range ?? { start: open, end: open + 1 },
    fixes: () =>
      likely === undefined
        ? []
        : [
            {
              title: `Add type: "${likely}"`,
              edits: insertField(analysis, node, 'type', quote(likely)),
              isPreferred: true,
            },
          ],
  };
}

const typesByParam: Readonly<Record<string, string>> = {
  convolution_param: 'Convolution',
  inner_product_param: 'InnerProduct',
  pooling_param: 'Pooling',
  lrn_param: 'LRN',
  dropout_param: 'Dropout',
  data_param: 'Data',
  image_data_param: 'ImageData',
  hdf5_data_param: 'HDF5Data',
  memory_data_param: 'MemoryData',
  input_param: 'Input',
  concat_param: 'Concat',
  eltwise_param: 'Eltwise',
  batch_norm_param: 'BatchNorm',
  scale_param: 'Scale',
  accuracy_param: 'Accuracy',
  relu_param: 'ReLU',
  softmax_param: 'Softmax',
  slice_param: 'Slice',
  reshape_param: 'Reshape',
};

/** The type that goes with the settings that a layer has. */
function likelyType(fields: readonly string[]): string | undefined {
  // A field may be called like what every object has: `constructor`.
  const known = fields.find((field) => Object.hasOwn(typesByParam, field));
  return known === undefined ? undefined : typesByParam[known];
}
