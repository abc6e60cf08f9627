import { readFileSync, statSync } from 'node:fs';
import { isUnfinishedReport } from '../engine/search/journalFile';
import { checkOutput, writeOutput } from '../engine/files/outputFile';
import type { Progress } from '../engine/files/progress';
import { runJob } from '../engine/process/client';
import { textReport } from '../quantize/original/textReport';
import { reportJson } from '../quantize/reportJson';
import type { Command } from './command';
import {
  describeBaseline,
  describeEnd,
  describeInterrupted,
  describePoint,
  describeRanges,
  describeRow,
} from './describeRun';
import { inFlags } from './flagWords';
import { enginePath } from './enginePath';

/** `ristretto quantize`: the original's command with its flags, and a few more. */
export const quantizeCommand: Command<'quantize'> = {
  name: 'quantize',
  summary: 'find the fewest bits within an error margin and write the quantized prototxt',

  async run({ options, console, cwd, signal }): Promise<void> {
    const { model, weights, modelQuantized, reportFile, force = false } = options;
    if (reportFile !== undefined) {
      checkOutput({
        path: reportFile,
        option: 'reportFile',
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
        ...options,
        cwd,
        otherOutputs: reportFile === undefined ? [] : [{ path: reportFile, option: 'reportFile' }],
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
        note: (text) => signal.aborted || console.note(`note: ${inFlags(text)}`),
      },
      { engine: enginePath, signal },
    );
    const report = await job.catch((cause: unknown) => {
      console.endProgress();
      if (signal.aborted) {
        const hasScores = keepsScores(reportFile, options.resume === true ? 0 : startedAt);
        const state = { best: last?.best, scoreName, reportPath: reportFile, hasScores };
        describeInterrupted(state).forEach((line) => console.note(line));
      }
      throw cause;
    });
    console.endProgress();
    try {
      // First, since nobody may be reading what is printed.
      if (reportFile !== undefined) {
        await writeOutput(reportFile, reportJson({ ...report, notes: report.notes.map(inFlags) }));
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
