import * as vscode from 'vscode';
import { runJob } from '../engine/process/client';
import { checkNet } from '../onnx/checkNet';
import type { NetInspection } from '../engine/jobs/inspectNet';
import { isOriginal } from '../quantize/modes/modes';
import { UserError } from '../base/userError';
import { takenBy } from '../options/table';
import { inSettings } from '../runs/view/settingWords';
import { notificationText } from '../runs/view/notificationText';
import { outputPath } from '../runs/outputName';
import { withPresentNames, type RunRecord, type RunRequest } from '../runs/runRecord';
import type { NetAnswers } from './answers';
import { askSteps } from './multiStep';
import { quantizeSteps } from './quantizeQuestions';
import { startRun } from './startRun';
import type { Services } from './services';
import { readSettings, type Settings } from './settings';
import { resolveTarget, type NetTarget } from './target';
import { chooseWeights } from './weightsQuestion';
import { workFolder } from './workFolder';

/** How a command may be told everything, as tests and keybindings do. */
export interface QuantizeArguments extends NetAnswers {
  readonly netIndex?: number;
  /** Ask nothing: what is not given comes from the last time and the settings. */
  readonly ask?: boolean;
}

/**
 * *Quantize Network*: asks what is not known and starts a run.
 *
 * @returns the run, or undefined when the user backs out
 * @throws UserError for what can be known to be wrong before the run
 */
export async function quantizeNetwork(
  services: Services,
  uri: vscode.Uri | undefined,
  { netIndex, ask = true, ...given }: QuantizeArguments = {},
): Promise<RunRecord | undefined> {
  const target = await resolveTarget(uri, netIndex);
  if (target === undefined) return undefined;
  refuseQuantized(target);
  checkNet(target.model, target.netIndex);
  const settings = readSettings(target.uri);
  const told = withPresentNames(given);
  const known = { ...services.answers.of(target), ...told };
  const weights = await chooseWeights(target, known.weights);
  if (weights === undefined) return undefined;
  const draft = {
    ...settings.options,
    output: outputPath(target.model, settings.outputName),
    ...withoutGaps(known),
    weights,
  };
  const inspection = inspect(services, target, settings);
  if (ask) {
    const steps = quantizeSteps(target, draft, inspection);
    if (!(await askSteps(`Quantize ${target.netName}`, steps, inspection))) return undefined;
  }
  const { records, batchSize, trainProblem } = await inspection;
  const calibration = told.calibration ?? settings.options.calibration;
  const useTest = calibration === 'train' && trainProblem !== undefined;
  // Who agreed once is not asked again, and TRAIN data that are there later on are used.
  const hasAgreed = known.calibration === 'test';
  if (useTest && !hasAgreed && !(await agreesToTestRanges(trainProblem))) return undefined;
  const options = {
    ...draft,
    search: isOriginal(draft.mode) ? draft.search : ('best' as const),
    iterations: draft.iterations ?? Math.max(1, Math.ceil(records / batchSize)),
    calibration: useTest ? ('test' as const) : calibration,
  } satisfies Partial<RunRequest>;
  await services.answers.remember(target, options);
  const { model, netName, uri: place } = target;
  const net = { model, netIndex: target.netIndex, netName, cwd: workFolder(place) };
  return startRun(services, { ...options, ...net });
}

/** Quantizes a net once more as the last time; asks when there was none. */
export async function quantizeAgain(
  services: Services,
  uri: vscode.Uri | undefined,
  options: QuantizeArguments = {},
): Promise<RunRecord | undefined> {
  const target = await resolveTarget(uri, options.netIndex);
  if (target === undefined) return undefined;
  const isFirst = services.runs.latest(target) === undefined;
  return quantizeNetwork(services, target.uri, {
    ...options,
    netIndex: target.netIndex,
    ask: isFirst,
  });
}

/** What was never answered is left to the settings. */
function withoutGaps<T extends object>(answers: T): { [Key in keyof T]: NonNullable<T[Key]> } {
  const given = Object.entries(answers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Key in keyof T]: NonNullable<T[Key]> };
}

/** Looks at the net and its data in another process, while the user reads the first question. */
function inspect(
  { engine }: Services,
  { model, netIndex, uri }: NetTarget,
  settings: Settings,
): Promise<NetInspection> {
  const taken = takenBy('inspect', settings.options);
  const options = { ...taken, model, netIndex, cwd: workFolder(uri) };
  const inspection = runJob('inspect', options, {}, { engine });
  // Whoever awaits it gets the error; the user may leave before.
  inspection.catch(() => undefined);
  return inspection;
}

function refuseQuantized({ definition, model }: NetTarget): void {
  if (definition.quantizable) return;
  throw new UserError(
    'net/nothing-to-quantize',
    definition.quantized
      ? 'the layers of this net are quantized already: quantize the float net, or score this one'
      : 'there is no Convolution or InnerProduct layer in this net to quantize',
    { file: model },
  );
}

/** The original measures ranges on TRAIN data; without those it is the user's choice. */
async function agreesToTestRanges(
  problem: NonNullable<NetInspection['trainProblem']>,
): Promise<boolean> {
  const use = 'Use TEST Data';
  const picked = await vscode.window.showWarningMessage(
    notificationText(
      'Ranges are measured on TRAIN-phase data, which cannot be read here. The TEST-phase data can ' +
        `be used instead; the result may be a little too good. (${inSettings(problem)})`,
    ),
    use,
  );
  return picked === use;
}
