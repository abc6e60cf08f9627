import type {
  CellView,
  ChartView,
  DiffLine,
  DiffRow,
  GroupView,
  LayersView,
  TokenKind,
} from '../../src/runs/panelMessages';

/** A group of the sample: its scores in percent, from wide to narrow. */
export interface SampleGroup {
  readonly group: GroupView['group'];
  readonly name: string;
  readonly scores: readonly number[];
  readonly seconds?: number;
}

export interface SampleSweep {
  readonly widths: readonly number[];
  readonly baseline: number;
  readonly margin: number;
  readonly groups: readonly SampleGroup[];
  /** Rows that are known; all of them if left out. */
  readonly known?: number;
  /** Whether the run goes on: what is open is pending then. */
  readonly isRunning?: boolean;
  readonly decimals?: number;
  readonly unit?: '%' | '';
  /** Whether lower scores are better. */
  readonly isLoss?: boolean;
}

const minus = (text: string): string => text.replace('-', '−');

/** Table and chart of a sweep, as the host makes them. */
export function sweep(sample: SampleSweep): {
  readonly widths: readonly number[];
  readonly groups: readonly GroupView[];
  readonly chart: ChartView;
} {
  const { widths, baseline, margin, groups, decimals = 2, unit = '%' } = sample;
  const sign = sample.isLoss === true ? -1 : 1;
  const edge = baseline - sign * margin;
  const isWithin = (score: number): boolean => sign * (score - edge) >= 0;
  const text = (value: number): string => minus(value.toFixed(decimals));
  let left = sample.known ?? Infinity;
  let isNext = sample.isRunning === true;
  const series: ChartView['series'][number][] = [];
  const views = groups.map(({ group, name, scores, seconds = 0.3 }): GroupView => {
    const known = scores.slice(0, Math.max(0, left));
    left -= scores.length;
    const isEnded = known.length === scores.length;
    const lastWithin = known.findLastIndex(isWithin);
    const isChosen = (at: number): boolean => isEnded && at === lastWithin;
    const cells = widths.map((bits, at): CellView => {
      const score = known[at];
      if (score === undefined) {
        if (isEnded || sample.isRunning !== true) return { bits, state: 'untried', chosen: false };
        const state = isNext ? 'running' : 'pending';
        isNext = false;
        return { bits, state, chosen: false };
      }
      const within = isWithin(score);
      const change = score - baseline;
      return {
        bits,
        state: 'scored',
        chosen: isChosen(at),
        score: text(score),
        drop: `${change < 0 ? '' : '+'}${text(change)}`,
        within,
        missedBy: within ? undefined : text(sign * (edge - score)),
        time: `${seconds.toFixed(1)} s`,
      };
    });
    const points = known.map((value, at) => {
      const within = isWithin(value);
      const bits = widths[at] ?? 0;
      const said = `${text(value)}${unit === '' ? '' : ` ${unit}`}`;
      const label =
        `${name}, ${bits} bit: ${said}, ${within ? 'inside' : 'outside'} the margin` +
        (isChosen(at) ? ', chosen' : '');
      return { bits, value, label, within, chosen: isChosen(at) };
    });
    series.push({ group, name, points });
    return { group, name, cells };
  });
  return { widths, groups: views, chart: { baseline, margin: edge, series } };
}

const columns: LayersView['columns'] = [
  ['layer', 'Layer', 'Name of the layer in the prototxt', false],
  ['type', 'Type', 'Type of the float layer', false],
  ['parameters', 'Parameters', 'Weights and biases', true],
  ['maxIn', 'Input range', 'Largest magnitude of the layer’s input', true],
  ['in', 'Input format', 'Bits, integer length (il) and fractional length (fl)', false],
  ['maxOut', 'Output range', 'Largest magnitude of the layer’s output', true],
  ['out', 'Output format', 'Bits, integer length (il) and fractional length (fl)', false],
  ['maxParams', 'Weight range', 'Largest magnitude of the weights', true],
  ['params', 'Weight format', 'Bits, integer length (il) and fractional length (fl)', false],
  ['before', 'Float size', 'Weights and biases as float32', true],
  ['after', 'Quantized size', 'Weights and biases in the formats of the quantized net', true],
].map(([key, title, description, numeric]) => ({
  key: String(key),
  title: String(title),
  description: String(description),
  numeric: numeric === true,
}));

export type SampleLayer = readonly [
  name: string,
  type: string,
  parameters: number,
  ranges: readonly [number, number, number],
];

/** A row a layer, with made-up formats that follow from the ranges. */
export function layersView(layers: readonly SampleLayer[]): LayersView {
  const format = (bits: number, range: number): { text: string; sort: number } => {
    const il = Math.ceil(Math.log2(range)) + 1;
    return { text: minus(`${bits} bit, il ${il}, fl ${bits - il}`), sort: bits };
  };
  const size = (bytes: number): { text: string; sort: number } => ({
    text:
      bytes < 1000
        ? `${bytes} bytes`
        : bytes < 999_500
          ? `${(bytes / 1000).toPrecision(3)} kB`
          : `${(bytes / 1e6).toPrecision(3)} MB`,
    sort: bytes,
  });
  return {
    columns,
    rows: layers.map(([layer, type, parameters, [input, output, weights]]) => ({
      layer,
      cells: [
        { text: layer, sort: layer },
        { text: type, sort: type },
        { text: parameters.toLocaleString('en-US'), sort: parameters },
        { text: input.toPrecision(4), sort: input },
        format(8, input),
        { text: output.toPrecision(4), sort: output },
        format(8, output),
        { text: weights.toPrecision(4), sort: weights },
        format(4, weights),
        size(parameters * 4),
        size(Math.round(parameters / 2)),
      ],
    })),
  };
}

/** Lines of a diff: `-` and `+` mark what changes, `~` runs that are folded. */
export function diffRows(text: string): DiffRow[] {
  let [oldLine, newLine] = [0, 0];
  let folded: DiffLine[] | undefined;
  const rows: DiffRow[] = [];
  for (const line of text.split('\n')) {
    const mark = line[0];
    const kind = mark === '+' ? 'added' : mark === '-' ? 'removed' : 'same';
    if (kind !== 'added') oldLine++;
    if (kind !== 'removed') newLine++;
    const made: DiffLine = {
      kind,
      ...(kind === 'added' ? {} : { oldLine }),
      ...(kind === 'removed' ? {} : { newLine }),
      spans: spansOf(line.slice(1)),
    };
    if (mark === '~') {
      if (folded === undefined) {
        folded = [];
        rows.push({ kind: 'folded', lines: folded });
      }
      folded.push(made);
    } else {
      folded = undefined;
      rows.push(made);
    }
  }
  return rows;
}

function spansOf(line: string): { text: string; token: TokenKind }[] {
  const found = line.matchAll(
    /(#.*)|("[^"]*")|(-?[\d.]+\b)|([A-Z][A-Z_]+\b)|([a-z_]\w*)(?=\s*[:{])|([^#"\dA-Za-z_]+|\w+)/g,
  );
  const kinds: readonly TokenKind[] = ['comment', 'string', 'number', 'keyword', 'field', 'plain'];
  return [...found].map((match) => {
    const at = match.slice(1).findIndex((part) => part !== undefined);
    return { text: match[0], token: kinds[at] ?? 'plain' };
  });
}
