import { modes } from '../../quantize/modes/modes';
import path from 'node:path';
import { formatBytesApart } from '../../base/amounts';
import { shown } from '../../base/shown';
import { costsOf, type Costs } from '../../quantize/costs';
import { weightBytes } from '../../quantize/weightBytes';
import { float32 } from '../../formats/float32';
import type { LayerFormats } from '../../formats/layerFormats';
import { bitsOf, describeFully, type NumberFormat } from '../../formats/formats';
import {
  formatBytes,
  formatCount,
  formatLarge,
  formatProvider,
  formatSeconds,
  formatWhen,
} from './formatting';
import { bestSoFar } from './netChoice';
import { isTrial, type RunRecord } from '../runRecord';
import { scoreFormat } from './runScore';
import { describeOptions, describeOutcome } from './runSummary';
import { textTable } from './textTable';

/**
 * Two runs side by side as a text: what they were asked that differs, what came out, and the formats of
 * every layer. Of a search that did not end, the best net so far stands for its result.
 *
 * @param now milliseconds since 1970, for the days' names
 */
export function compareRuns(a: RunRecord, b: RunRecord, now: number): string {
  const runs = [a, b] as const;
  const row = (name: string, of: (run: RunRecord) => string): Row => [name, of(a), of(b)];
  const settings = settingRows.map(([name, of]) => row(name, of));
  const different = settings.filter(([, left, right]) => left !== right);
  const results = [
    ...scoreRows.map(([name, of]) => row(name, of)),
    ['Weights', ...weightTexts(runs)],
    ...costRows.map(([name, of]) => row(name, of)),
  ];
  const nets = [...new Set(runs.map(({ request }) => path.basename(request.model)))];
  const isSame = different.length === 0;
  return [
    `Two runs of ${shown(nets.join(' and '))}\n`,
    textTable([
      ['', 'First', 'Second'],
      row('Started', ({ startedAt }) => formatWhen(startedAt, now)),
      row('Asked for', describeOptions),
      row('Outcome', describeOutcome),
    ]),
    isSame ? 'All settings are the same.\n' : 'Settings that differ\n',
    ...(isSame ? [] : [textTable(different)]),
    'Results\n',
    textTable(results),
    ...layerTables(a, b),
  ].join('\n');
}

type Row = readonly [string, string, string];

const settingRows: readonly (readonly [string, (run: RunRecord) => string])[] = [
  ['Net', ({ request }) => request.model],
  ['Net in the file', ({ request }) => String(request.netIndex + 1)],
  ['The net’s file', ({ stamps }) => stampText(stamps?.model)],
  ['Weights', ({ request }) => request.weights],
  ['The weights’ file', ({ stamps }) => stampText(stamps?.weights)],
  ['Trimming mode', ({ request }) => modes[request.mode].name],
  ['Search', ({ request }) => request.search ?? 'original'],
  ['Bits set by hand', (run) => (isTrial(run) ? 'yes' : 'no')],
  ['Layers whose bits are kept', keptLayers],
  ['What is saved', ({ request }) => JSON.stringify(request.objective ?? 'weight bytes foremost')],
  ['Error margin', (run) => scoreFormat(run).margin(run.request.errorMargin)],
  ['Iterations', ({ request }) => formatCount(request.iterations)],
  ['Images a batch', ({ plan }) => (plan === undefined ? unknown : formatCount(plan.batchSize))],
  ['Data', ({ plan }) => plan?.testSources.join(', ') ?? unknown],
  [
    'Ranges from',
    ({ report, request }) => (report?.calibration ?? request.calibration).toUpperCase(),
  ],
  ['Scored by', ({ plan, request }) => plan?.scoreBlob ?? request.scoreBlob ?? unknown],
  ['Runs on', ({ plan }) => (plan === undefined ? unknown : formatProvider(plan.provider))],
  ['Version', ({ report }) => report?.versions.ristretto ?? unknown],
];

const scoreRows: readonly (readonly [string, (run: RunRecord) => string])[] = [
  ['Float net', (run) => scoreText(run, run.baseline?.score)],
  ['Quantized net', (run) => scoreText(run, scoreOf(run))],
  ['Change', changeText],
  ['Margin', (run) => verdictOf(run)],
];

const costRows: readonly (readonly [string, (run: RunRecord) => string])[] = [
  [
    'Activations',
    (run) => costText(run, (costs) => `${costs.activationBits.toFixed(2)} bit on average`),
  ],
  ['Bit operations', (run) => costText(run, (costs) => formatLarge(costs.bitOperations))],
  [
    'Time',
    ({ report, seconds }) => {
      const time = report?.seconds ?? seconds;
      return time === undefined ? unknown : formatSeconds(time);
    },
  ],
];

const unknown = '–';

function stampText(
  stamp: { readonly bytes: number; readonly modified: number } | undefined,
): string {
  if (stamp === undefined) return unknown;
  return `${formatBytes(stamp.bytes, 4)}, changed ${new Date(stamp.modified).toISOString()}`;
}

function keptLayers(run: RunRecord): string {
  if (isTrial(run)) return '';
  return Object.entries(run.request.keep ?? {})
    .map(([layer, { weights, input, output }]) => `${layer} ${weights}/${input}/${output}`)
    .join(', ');
}

function scoreText(run: RunRecord, score: number | undefined): string {
  return score === undefined ? unknown : scoreFormat(run).text(score);
}

function scoreOf(run: RunRecord): number | undefined {
  return run.report?.final.score ?? bestSoFar(run)?.score;
}

function changeText(run: RunRecord): string {
  const score = scoreOf(run);
  if (score === undefined || run.baseline === undefined) return unknown;
  return scoreFormat(run).change(score - run.baseline.score);
}

function verdictOf(run: RunRecord): string {
  const within = run.report?.final.withinMargin ?? bestSoFar(run)?.withinMargin;
  return within === undefined ? unknown : within ? 'inside' : 'outside';
}

/** The formats of a run's result by layer; none where it has no result. */
function formatsOf(run: RunRecord): ReadonlyMap<string, LayerFormats> {
  const { report } = run;
  if (report !== undefined) {
    return new Map(report.layers.map(({ name, formats }) => [name, formats]));
  }
  return new Map(Object.entries(bestSoFar(run)?.formats ?? {}));
}

function costText(run: RunRecord, text: (costs: Costs) => string): string {
  const costs = resultCosts(run);
  return costs === undefined ? unknown : text(costs);
}

/** Sizes that differ look different. */
function weightTexts(runs: readonly RunRecord[]): readonly string[] {
  const sizes = runs.map((run) => resultCosts(run)?.weightBytes);
  const texts = formatBytesApart(sizes.filter((size) => size !== undefined));
  return sizes.map((size) => (size === undefined ? unknown : (texts.shift() ?? unknown)));
}

function resultCosts(run: RunRecord): Costs | undefined {
  const formats = formatsOf(run);
  const layers = run.report?.layers ?? run.layers;
  return formats.size === 0 || layers === undefined ? undefined : costsOf(layers, formats);
}

/** The layers of both runs in the order of the file. */
function layerTables(a: RunRecord, b: RunRecord): string[] {
  const sizes = new Map(
    [...(a.report?.layers ?? a.layers ?? []), ...(b.report?.layers ?? b.layers ?? [])].map(
      (layer) => [layer.name, layer],
    ),
  );
  const left = formatsOf(a);
  const right = formatsOf(b);
  if (left.size + right.size === 0) return [];
  const rows = [...sizes.values()].map((layer) => {
    const { name, type } = layer;
    const [one, two] = [left.get(name), right.get(name)];
    const bytes = (formats: LayerFormats | undefined): string =>
      formats === undefined ? unknown : formatBytes(weightBytes(layer, formats));
    const isSame = formatsText(one) === formatsText(two);
    return [name, type, bitsText(one), bitsText(two), bytes(one), bytes(two), isSame ? '' : '*'];
  });
  const differing = [...sizes.keys()].filter(
    (name) => formatsText(left.get(name)) !== formatsText(right.get(name)),
  );
  return [
    'Bits of weights / input / output by layer (* where formats differ)\n',
    textTable([['Layer', 'Type', 'First', 'Second', 'First', 'Second', ''], ...rows]),
    ...(differing.length === 0
      ? []
      : [
          'Formats of the layers that differ\n',
          textTable([
            ['Layer', 'Part', 'First', 'Second'],
            ...differing.flatMap((name) => formatRows(name, left.get(name), right.get(name))),
          ]),
        ]),
  ];
}

const parts = ['weights', 'input', 'output'] as const;

function formatRows(
  name: string,
  left: LayerFormats | undefined,
  right: LayerFormats | undefined,
): (readonly string[])[] {
  const text = (format: NumberFormat | undefined): string =>
    format === undefined ? unknown : describeFully(format);
  return parts
    .map((part) => [name, part, text(left?.[part]), text(right?.[part])] as const)
    .filter(([, , one, two]) => one !== two);
}

function bitsText(formats: LayerFormats | undefined): string {
  const of = formats ?? { weights: float32, input: float32, output: float32 };
  return parts.map((part) => bitsOf(of[part])).join(' / ');
}

function formatsText(formats: LayerFormats | undefined): string {
  return formats === undefined ? '' : parts.map((part) => describeFully(formats[part])).join('; ');
}
