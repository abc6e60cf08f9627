import { float32, type LayerFormats, type NumberFormat } from '../../caffe/numberFormat';
import { bitsOf, weightBytes } from '../../quantize/weightBytes';
import type { LayerReport, VisitedPoint } from '../../quantize/report';
import { formatBytes, formatCount } from './formatting';
import type { LayerBits, LayersView } from '../panelMessages';
import type { RunRecord } from '../runRecord';

type Layer = LayerReport & { readonly formats?: LayerFormats };
type Cell = LayersView['rows'][number]['cells'][number];

interface Column {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly numeric: boolean;
  cell(layer: Layer): Cell;
}

const columns: readonly Column[] = [
  {
    key: 'layer',
    title: 'Layer',
    description: 'Name of the layer in the prototxt',
    numeric: false,
    cell: ({ name }) => ({ text: name, sort: name }),
  },
  {
    key: 'type',
    title: 'Type',
    description: 'Type of the float layer',
    numeric: false,
    cell: ({ type }) => ({ text: type, sort: type }),
  },
  {
    key: 'parameters',
    title: 'Parameters',
    description: 'Weights and biases',
    numeric: true,
    cell: ({ weights, biases }) => count(weights + biases),
  },
  range('maxIn', 'Input range', 'Largest magnitude of the layer’s input', ({ maxIn }) => maxIn),
  format(
    'in',
    'Input format',
    ({ formats }) => formats?.input,
    ({ ilIn }) => ilIn,
  ),
  range('maxOut', 'Output range', 'Largest magnitude of the layer’s output', (l) => l.maxOut),
  format(
    'out',
    'Output format',
    ({ formats }) => formats?.output,
    ({ ilOut }) => ilOut,
  ),
  range('maxParams', 'Weight range', 'Largest magnitude of the weights', (l) => l.maxParams),
  format(
    'params',
    'Weight format',
    ({ formats }) => formats?.weights,
    ({ ilParams }) => ilParams,
  ),
  {
    key: 'before',
    title: 'Float size',
    description: 'Weights and biases as float32',
    numeric: true,
    cell: (layer) => bytes(weightBytes(layer, { weights: float32, bias: float32 })),
  },
  {
    key: 'after',
    title: 'Quantized size',
    description: 'Weights and biases in the formats of the quantized net',
    numeric: true,
    cell: (layer) =>
      layer.formats === undefined ? unknown : bytes(weightBytes(layer, layer.formats)),
  },
];

/** The per-layer table: ranges as soon as they are measured, formats once they are chosen. */
export function layersView(
  { layers, report, request }: RunRecord,
  point?: VisitedPoint,
): LayersView {
  const known: readonly Layer[] = report?.layers ?? layers ?? [];
  const rows = known.map((layer) => {
    const formats = point?.formats[layer.name] ?? layer.formats;
    return formats === undefined ? layer : { ...layer, formats };
  });
  return {
    bits:
      request.search === 'best' && (report !== undefined || point !== undefined)
        ? editableBits(rows, request)
        : undefined,
    oneWidth: request.mode === 'minifloat' || undefined,
    columns: columns.map(({ key, title, description, numeric }) => ({
      key,
      title,
      description,
      numeric,
    })),
    rows: rows.map((layer) => ({
      layer: layer.name,
      cells: columns.map((column) => column.cell(layer)),
    })),
  };
}

/** The bits of the layers; those of a run that was given all of them were not kept but tried. */
function editableBits(
  rows: readonly Layer[],
  { keep = {} }: RunRecord['request'],
): readonly LayerBits[] {
  const isTrial = rows.every(({ name }) => keep[name] !== undefined);
  return rows.flatMap(({ name, formats }) =>
    formats === undefined
      ? []
      : {
          layer: name,
          weights: bitsOf(formats.weights),
          input: bitsOf(formats.input),
          output: bitsOf(formats.output),
          kept: (!isTrial && keep[name] !== undefined) || undefined,
        },
  );
}

/** `8 bit, il 3, fl 5`; `8 bit float, 4 exponent, 3 mantissa`; `4 bit, ±2^−8 to ±2^−1`. */
export function describeFormat(numbers: NumberFormat): string {
  const bits = `${bitsOf(numbers)} bit`;
  switch (numbers.kind) {
    case 'float32':
      return '32 bit float';
    case 'fixedPoint': {
      const { fractionalLength } = numbers;
      const integerLength = numbers.bits - fractionalLength;
      return `${bits}, il ${signed(integerLength)}, fl ${signed(fractionalLength)}`;
    }
    case 'minifloat':
      return `${bits} float, ${numbers.exponentBits} exponent, ${numbers.mantissaBits} mantissa`;
    case 'powerOfTwo':
      return `${bits}, ±2^${signed(numbers.minExponent)} to ±2^${signed(numbers.maxExponent)}`;
  }
}

const unknown: Cell = { text: '', sort: -1 };

function range(
  key: string,
  title: string,
  description: string,
  valueOf: (layer: Layer) => number,
): Column {
  const cell = (layer: Layer): Cell => {
    const value = valueOf(layer);
    return { text: value.toPrecision(4), sort: value };
  };
  return { key, title, description, numeric: true, cell };
}

function format(
  key: string,
  title: string,
  formatOf: (layer: Layer) => NumberFormat | undefined,
  integerLengthOf: (layer: Layer) => number,
): Column {
  return {
    key,
    title,
    description: 'Bits, integer length (il) and fractional length (fl)',
    numeric: false,
    cell: (layer) => {
      const numbers = formatOf(layer);
      return numbers === undefined
        ? { text: `il ${signed(integerLengthOf(layer))}`, sort: -1 }
        : { text: describeFormat(numbers), sort: bitsOf(numbers) };
    },
  };
}

function count(value: number): Cell {
  return { text: formatCount(value), sort: value };
}

function bytes(value: number): Cell {
  return { text: formatBytes(value), sort: value };
}

function signed(value: number): string {
  return String(value).replace('-', '−');
}
