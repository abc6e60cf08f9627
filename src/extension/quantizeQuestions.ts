import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NetInspection } from '../engine/jobs/inspectNet';
import type { Facts } from '../options/option';
import { questions, type AnyQuestion, type RememberedKey } from '../options/table';
import { cudaDevices } from '../runs/cudaDevices';
import { missingCudaLibraries } from '../runtime/provider';
import type { NetAnswers } from './answers';
import type { Ask, PickItem, Step } from './multiStep';
import { askForWeights } from './weightsQuestion';
import type { NetTarget } from './target';

/** The answers under way: every step reads its default here and leaves its answer here. */
export type Draft = { -readonly [Key in keyof NetAnswers]: NetAnswers[Key] } & {
  weights: string;
  output: string;
};

/** The questions before a run, in the order of the table of options. */
export function quantizeSteps(
  target: NetTarget,
  draft: Draft,
  inspection: Promise<NetInspection>,
): Step[] {
  const facts: Facts = {
    given: draft,
    images: () => inspection,
    cudaDevices,
    lacksCuda: () => missingCudaLibraries().length > 0,
  };
  return questions.map(([key, question], at) => async (ask) => {
    const given: Partial<Record<RememberedKey, unknown>> = draft;
    switch (question.kind) {
      case 'file':
        draft.output = await askOutput(ask, question.prompt, target, draft);
        break;
      case 'text':
        given[key] = await askText(ask, question, draft[key], facts);
        break;
      case 'pick':
        given[key] = await askPick(ask, question, {
          present: draft[key],
          facts,
          target,
          draft,
          isFirst: at === 0,
        });
        break;
    }
  });
}

async function askText(
  ask: Ask,
  { prompt, show, problem, read }: Extract<AnyQuestion, { kind: 'text' }>,
  present: NonNullable<unknown> | undefined,
  facts: Facts,
): Promise<unknown> {
  const value = await show(present, facts);
  return read(await ask.text({ prompt: await prompt(facts), value, problem }));
}

interface Picking {
  readonly present: NonNullable<unknown> | undefined;
  readonly facts: Facts;
  readonly target: NetTarget;
  readonly draft: Draft;
  readonly isFirst: boolean;
}

/** The weights were found by themselves mostly: the first question shows them, and lets one change them. */
async function askPick(
  ask: Ask,
  { prompt, answers, isSame = (a, b) => a === b }: Extract<AnyQuestion, { kind: 'pick' }>,
  { present, facts, target, draft, isFirst }: Picking,
): Promise<unknown> {
  const otherWeights = Symbol('other weights');
  for (;;) {
    const items: readonly PickItem<NonNullable<unknown>>[] = answers(facts, present);
    const more = {
      label: '$(file-binary) Other weights…',
      value: otherWeights,
      description: draft.weights,
    };
    const picked = await ask.pick<NonNullable<unknown>>({
      placeholder: isFirst ? `${prompt}, with the weights ${path.basename(draft.weights)}` : prompt,
      items: isFirst ? [...items, more] : items,
      isCurrent: (value) =>
        value !== otherWeights && present !== undefined && isSame(value, present),
    });
    if (picked !== otherWeights) return picked;
    draft.weights = (await askForWeights(target, draft.weights)) ?? draft.weights;
  }
}

async function askOutput(
  ask: Ask,
  prompt: string,
  { model }: NetTarget,
  draft: Draft,
): Promise<string> {
  const folder = path.dirname(model);
  const text = await ask.text({
    prompt,
    value: path.dirname(draft.output) === folder ? path.basename(draft.output) : draft.output,
    problem: (value) => outputProblem(path.resolve(folder, value.trim()), value, draft, model),
  });
  return path.resolve(folder, text.trim());
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
