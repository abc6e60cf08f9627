import { float32 } from '../formats/float32';
import type { LayerFormats } from '../formats/layerFormats';
import type { NumberFormat } from '../formats/formats';
import type { Column, ColumnPlace, FormatCell } from './columns';
import type { LayerReport } from './report';
import { weightBytes } from './weightBytes';
import { bitsOf } from '../formats/formats';

/** A layer to quantize; without formats as long as none are chosen. */
export type LayerRow = LayerReport & { readonly formats?: LayerFormats };

const everywhere: readonly ColumnPlace[] = ['text', 'csv', 'page'];
const tables: readonly ColumnPlace[] = ['csv', 'page'];

/** What is known of a layer: a column is declared here and nowhere else. */
export const layerColumns: readonly Column<LayerRow>[] = [
  {
    key: 'layer',
    title: 'Layer',
    description: 'Name of the layer in the prototxt',
    places: everywhere,
    kind: 'text',
    of: ({ name }) => name,
  },
  {
    key: 'type',
    title: 'Type',
    description: 'Type of the float layer',
    places: tables,
    kind: 'text',
    of: ({ type }) => type,
  },
  {
    key: 'weights',
    title: 'Weights',
    description: 'Numbers in the weight blob',
    places: ['csv'],
    kind: 'count',
    of: ({ weights }) => weights,
  },
  {
    key: 'biases',
    title: 'Biases',
    description: 'Numbers in the bias blob',
    places: ['csv'],
    kind: 'count',
    of: ({ biases }) => biases,
  },
  {
    key: 'parameters',
    title: 'Parameters',
    description: 'Weights and biases',
    places: ['page'],
    kind: 'count',
    of: ({ weights, biases }) => weights + biases,
  },
  {
    key: 'maxIn',
    title: 'Input range',
    description: 'Largest magnitude of the layer’s input',
    places: tables,
    kind: 'number',
    of: ({ maxIn }) => maxIn,
  },
  ...formatColumns(
    'in',
    'Input',
    ({ input }) => input,
    ({ ilIn }) => ilIn,
  ),
  {
    key: 'maxOut',
    title: 'Output range',
    description: 'Largest magnitude of the layer’s output',
    places: tables,
    kind: 'number',
    of: ({ maxOut }) => maxOut,
  },
  ...formatColumns(
    'out',
    'Output',
    ({ output }) => output,
    ({ ilOut }) => ilOut,
  ),
  {
    key: 'maxParams',
    title: 'Weight range',
    description: 'Largest magnitude of the weights',
    places: tables,
    kind: 'number',
    of: ({ maxParams }) => maxParams,
  },
  ...formatColumns(
    'params',
    'Weight',
    ({ weights }) => weights,
    ({ ilParams }) => ilParams,
  ),
  {
    key: 'before',
    title: 'Float size',
    description: 'Weights and biases as float32',
    places: tables,
    kind: 'bytes',
    of: (layer) => weightBytes(layer, { weights: float32, bias: float32 }),
  },
  {
    key: 'after',
    title: 'Quantized size',
    description: 'Weights and biases in the formats of the quantized net',
    places: tables,
    kind: 'bytes',
    of: (layer) => (layer.formats === undefined ? undefined : weightBytes(layer, layer.formats)),
  },
];

/** A format in words, and its bits as a number that a spreadsheet can count with. */
function formatColumns(
  key: string,
  title: string,
  formatOf: (formats: LayerFormats) => NumberFormat,
  integerLengthOf: (layer: LayerRow) => number,
): readonly Column<LayerRow>[] {
  const of = (layer: LayerRow): FormatCell => ({
    format: layer.formats && formatOf(layer.formats),
    integerLength: integerLengthOf(layer),
  });
  const bits = ({ formats }: LayerRow): number | undefined =>
    formats === undefined ? undefined : bitsOf(formatOf(formats));
  return [
    {
      key,
      title: `${title} format`,
      description: 'Bits, integer length (il) and fractional length (fl)',
      places: everywhere,
      kind: 'format',
      of,
    },
    {
      key: `${key}Bits`,
      title: `${title} bits`,
      description: 'Bits of a number',
      places: ['csv'],
      kind: 'count',
      of: bits,
    },
  ];
}
