import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NetInspection } from '../engine/jobs/inspectNet';
import type { SearchKind } from '../quantize/report';
import { isOriginal, modeKeys, modes, type TrimmingMode } from '../quantize/modes/modes';
import type { ProviderChoice } from '../runtime/provider';
import { cudaDevices } from '../runs/cudaDevices';
import { formatCount } from '../runs/view/formatting';
import { missingCudaLibraries } from '../runtime/provider';
import type { Ask, PickItem, Step } from './multiStep';
import { askForWeights } from './weightsQuestion';
import type { NetTarget } from './target';

/** The answers under way: every step reads its default here and leaves its answer here. */
export interface Draft {
  weights: string;
  mode: TrimmingMode;
  search: SearchKind;
  errorMargin: number;
  /** Undefined as long as it is not known how many images there are. */
  iterations: number | undefined;
  execution: ProviderChoice;
  output: string;
}

/** The questions before a run, in order. */
export function quantizeSteps(
  target: NetTarget,
  draft: Draft,
  inspection: Promise<NetInspection>,
): Step[] {
  return [
    (ask) => askMode(ask, target, draft),
    (ask) => askSearch(ask, draft),
    (ask) => askMargin(ask, draft),
    async (ask) => askIterations(ask, draft, await inspection),
    (ask) => askExecution(ask, draft),
    (ask) => askOutput(ask, target, draft),
  ];
}

async function askMode(ask: Ask, target: NetTarget, draft: Draft): Promise<void> {
  const otherWeights = { label: '$(file-binary) Other weights…', value: undefined };
  for (;;) {
    const mode = await ask.pick<TrimmingMode | undefined>({
      placeholder: `Trimming mode, with the weights ${path.basename(draft.weights)}`,
      items: [...modeItems, { ...otherWeights, description: draft.weights }],
      isCurrent: (value) => value === draft.mode,
    });
    if (mode !== undefined) {
      draft.mode = mode;
      return;
    }
    draft.weights = (await askForWeights(target, draft.weights)) ?? draft.weights;
  }
}

const modeItems: readonly PickItem<TrimmingMode>[] = modeKeys.map((value) => {
  const { label, question } = modes[value];
  return { label, description: question, value };
});

/** Some modes are known to the best search alone: asked all the same, so that Back goes back. */
async function askSearch(ask: Ask, draft: Draft): Promise<void> {
  draft.search = await ask.pick<SearchKind>({
    placeholder: 'How the bits are searched for',
    items: searches.filter(({ value }) => value === 'best' || isOriginal(draft.mode)),
    isCurrent: (value) => value === draft.search,
  });
}

const searches: readonly PickItem<SearchKind>[] = [
  {
    label: 'Best',
    description: 'bits of its own for every layer; the whole net stays within the margin',
    value: 'best',
  },
  {
    label: 'As the original',
    description: 'one width for all convolutions, one for all FC layers, one for the activations',
    value: 'original',
  },
];

async function askMargin(ask: Ask, draft: Draft): Promise<void> {
  const text = await ask.text({
    prompt:
      'Error margin: how many percentage points of accuracy may be lost (of a loss: its rise times 100)',
    value: String(draft.errorMargin),
    problem: (value) =>
      /^\s*\d+([.,]\d+)?\s*%?\s*$/.test(value) && parseMargin(value) <= 100
        ? undefined
        : 'Give a number from 0 to 100, like 1.5',
  });
  draft.errorMargin = parseMargin(text);
}

function parseMargin(text: string): number {
  return Number(text.replace('%', '').replace(',', '.').trim());
}

async function askIterations(ask: Ask, draft: Draft, inspection: NetInspection): Promise<void> {
  const { records, batchSize } = inspection;
  const all = Math.max(1, Math.ceil(records / batchSize));
  const text = await ask.text({
    prompt:
      `Iterations: batches of ${formatCount(batchSize)} images to score on; ` +
      `${formatCount(all)} take all ${formatCount(records)} images once`,
    value: String(draft.iterations ?? all),
    problem: (value) =>
      /^\s*[1-9]\d{0,8}\s*$/.test(value) ? undefined : 'Give a whole number from 1 on',
  });
  draft.iterations = Number(text.trim());
}

async function askExecution(ask: Ask, draft: Draft): Promise<void> {
  draft.execution = await ask.pick<ProviderChoice>({
    placeholder: 'What runs the net',
    items: executionItems(draft.execution),
    isCurrent: (value) =>
      value.kind === draft.execution.kind && deviceOf(value) === deviceOf(draft.execution),
  });
}

function executionItems(present: ProviderChoice): PickItem<ProviderChoice>[] {
  const isMissing = missingCudaLibraries().length > 0;
  const devices = new Set([...cudaDevices(), deviceOf(present) ?? 0]);
  return [
    {
      label: 'Automatic',
      description: 'CUDA where it works, else the CPU',
      value: { kind: 'auto', deviceId: deviceOf(present) ?? 0 },
    },
    { label: 'CPU', value: { kind: 'cpu' } },
    ...[...devices].map((deviceId): PickItem<ProviderChoice> => ({
      label: `CUDA device ${deviceId}`,
      description: isMissing ? 'its provider is not installed' : '',
      value: { kind: 'cuda', deviceId },
    })),
    { label: 'WebGPU', description: 'experimental', value: { kind: 'webgpu' } },
  ];
}

function deviceOf(choice: ProviderChoice): number | undefined {
  return 'deviceId' in choice ? choice.deviceId : undefined;
}

async function askOutput(ask: Ask, { model }: NetTarget, draft: Draft): Promise<void> {
  const folder = path.dirname(model);
  const text = await ask.text({
    prompt: 'File for the quantized prototxt (written when you save the result)',
    value: path.dirname(draft.output) === folder ? path.basename(draft.output) : draft.output,
    problem: (value) => outputProblem(path.resolve(folder, value.trim()), value, draft, model),
  });
  draft.output = path.resolve(folder, text.trim());
}

function outputProblem(
  file: string,
  typed: string,
  draft: Draft,
  model: string,
): string | undefined {
  if (typed.trim() === '') return 'Give a file name';
  if (file === model) return 'This is the net itself: give another name';
  if (file === draft.weights) return 'These are the weights: give another name';
  const folder = path.dirname(file);
  if (!existsSync(folder)) return `There is no folder ${folder}`;
  return existsSync(file) && statSync(file).isDirectory() ? 'This is a folder' : undefined;
}
