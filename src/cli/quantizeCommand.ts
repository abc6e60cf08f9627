import { readFileSync, statSync } from 'node:fs';
import { isUnfinishedReport } from '../engine/search/journalFile';
import { checkOutput, writeOutput } from '../engine/files/outputFile';
import type { Progress } from '../engine/files/progress';
import { runJob } from '../engine/process/client';
import type { Calibration } from '../quantize/report';
import { isOriginal, modeKeys, modeSpellings } from '../quantize/modes/modes';
import { textReport } from '../quantize/original/textReport';
import { reportJson } from '../quantize/reportJson';
import type { Command, CommandContext } from './command';
import {
  describeBaseline,
  describeEnd,
  describeInterrupted,
  describePoint,
  describeRanges,
  describeRow,
} from './describeRun';
import { UsageError } from './flags';
import { readSearchFlags, searchFlags } from './searchFlags';
import { dataFlags, readDataFlags } from './dataFlags';
import { enginePath } from './enginePath';
import { iterationsFlag, readIterations } from './iterationsFlag';
import { netFlag, readNetFlag } from './netFlag';
import { scoreFlag } from './scoreFlag';
import { providerFlags, readProviderFlags } from './providerFlags';
import { readStateFlags, stateFlags } from './stateFlags';

const calibrations: Readonly<Record<string, Calibration>> = { train: 'train', test: 'test' };

/** `ristretto quantize`: the original's command with its flags, and a few more. */
export const quantizeCommand: Command = {
  name: 'quantize',
  summary: 'find the fewest bits within an error margin and write the quantized prototxt',
  flags: {
    model: { argument: 'FILE', required: true, help: 'the net definition (train_val prototxt)' },
    weights: { argument: 'FILE', required: true, help: 'the trained weights (caffemodel)' },
    model_quantized: { argument: 'FILE', required: true, help: 'the quantized prototxt to write' },
    trimming_mode: {
      argument: 'MODE',
      required: true,
      help: `${modeKeys.filter(isOriginal).join(', ')}; ${modeKeys.filter((key) => !isOriginal(key)).join(', ')} (--search=best)`,
    },
    iterations: iterationsFlag,
    error_margin: {
      argument: 'P',
      default: '2',
      help: 'accepted absolute drop of the score in %; of a loss P/100 is its accepted rise',
    },
    ...searchFlags,
    ...providerFlags,
    ...stateFlags,
    net: netFlag,
    score: scoreFlag,
    calibration: {
      argument: 'PHASE',
      default: 'train',
      help: 'phase whose data give the ranges: train, as the original, or test',
    },
    ...dataFlags,
    caffe_root: { argument: 'DIR', help: 'last folder to look for data sources in' },
    report: { argument: 'FILE', help: 'write everything found out as JSON' },
    resume: { help: 'go on with a run that was cut off, from its --report file' },
    force: { help: 'replace output files that no earlier run made' },
  },

  async run({ flags, console, cwd, signal }: CommandContext): Promise<void> {
    const mode = flags.choice('trimming_mode', modeSpellings);
    const iterations = readIterations(flags);
    const errorMargin = flags.nonNegativeNumber('error_margin');
    const calibration = flags.choice('calibration', calibrations);
    const searchChoice = readSearchFlags(flags);
    if (!isOriginal(mode) && searchChoice.search !== 'best') {
      throw new UsageError(`--trimming_mode=${mode} needs --search=best`);
    }
    const provider = readProviderFlags(flags);
    const state = readStateFlags(flags);
    const model = flags.text('model');
    const weights = flags.text('weights');
    const modelQuantized = flags.text('model_quantized');
    const reportPath = flags.optional('report');
    const force = flags.isSet('force');
    const resume = flags.isSet('resume');
    if (resume && reportPath === undefined) {
      throw new UsageError('--resume needs --report=FILE, where the scores so far are kept');
    }
    if (reportPath !== undefined) {
      checkOutput({
        path: reportPath,
        flag: '--report',
        inputs: [model, weights, modelQuantized],
        force,
        isEarlierResult: isReport,
      });
    }
    let last: Progress | undefined;
    let scoreName = '';
    const startedAt = Date.now();
    const job = runJob(
      'quantize',
      {
        model,
        netIndex: readNetFlag(flags),
        ...state,
        weights,
        modelQuantized,
        mode,
        ...searchChoice,
        iterations,
        errorMargin,
        provider,
        calibration,
        scoreBlob: flags.optional('score'),
        caffeRoot: flags.optional('caffe_root'),
        ...readDataFlags(flags),
        cwd,
        force,
        reportFile: reportPath,
        resume,
        otherOutputs: reportPath === undefined ? [] : [{ path: reportPath, flag: '--report' }],
      },
      {
        progress: (progress) => {
          last = progress;
          console.progress(progress);
        },
        plan: (plan) => (scoreName = plan.scoreBlob),
        baseline: (score) => console.note(describeBaseline(score)),
        layers: (layers) => layers.forEach((layer) => console.note(describeRanges(layer))),
        row: (row) => console.note(describeRow(row)),
        point: (point) => console.note(describePoint(point)),
        // Once it is interrupted, what is kept is told below.
        note: (text) => signal.aborted || console.note(`note: ${text}`),
      },
      { engine: enginePath, signal },
    );
    const report = await job.catch((cause: unknown) => {
      console.endProgress();
      if (signal.aborted) {
        const hasScores = keepsScores(reportPath, resume ? 0 : startedAt);
        const state = { best: last?.best, scoreName, reportPath, hasScores };
        describeInterrupted(state).forEach((line) => console.note(line));
      }
      throw cause;
    });
    console.endProgress();
    try {
      // First, since nobody may be reading what is printed.
      if (reportPath !== undefined) {
        await writeOutput(reportPath, reportJson(report));
      }
    } finally {
      console.printText(textReport(report));
      console.note(describeEnd(report));
    }
  },
};

/**
 * Whether a run that was cut off has left its scores.
 *
 * @param since milliseconds since 1970: a file from before is another run's
 */
function keepsScores(file: string | undefined, since: number): boolean {
  const stats = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file === undefined || stats === undefined || stats.mtimeMs < since - 1000) return false;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isUnfinishedReport(value);
}

function isReport(content: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    return (
      isUnfinishedReport(value) ||
      (typeof value === 'object' && value !== null && 'mode' in value && 'rows' in value)
    );
  } catch {
    // Not JSON, so certainly no report of ours.
    return false;
  }
}
