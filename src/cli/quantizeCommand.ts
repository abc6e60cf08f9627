import { isUnfinishedReport } from '../engine/search/journalFile';
import { checkOutput, writeOutput } from '../engine/files/outputFile';
import { quantizeNet } from '../engine/jobs/quantizeNet';
import { textReport } from '../quantize/original/textReport';
import type { Command } from './command';
import {
  describeBaseline,
  describeEnd,
  describePoint,
  describeRanges,
  describeRow,
} from './describeRun';

/** `ristretto quantize`: the original's command with its flags, and a few more. */
export const quantizeCommand: Command<'quantize'> = {
  name: 'quantize',
  summary: 'find the fewest bits within an error margin and write the quantized prototxt',

  async run({ options, console, cwd, signal }): Promise<void> {
    const { model, weights, modelQuantized, reportFile, force = false } = options;
    if (reportFile !== undefined) {
      checkOutput({
        path: reportFile,
        flag: '--report',
        inputs: [model, weights, modelQuantized],
        force,
        isEarlierResult: isReport,
      });
    }
    const report = await quantizeNet(
      {
        ...options,
        cwd,
        otherOutputs: reportFile === undefined ? [] : [{ path: reportFile, flag: '--report' }],
        signal,
      },
      {
        onProgress: (progress) => console.progress(progress),
        onBaseline: (score) => console.note(describeBaseline(score)),
        onLayers: (layers) => layers.forEach((layer) => console.note(describeRanges(layer))),
        onRow: (row) => console.note(describeRow(row)),
        onPoint: (point) => console.note(describePoint(point)),
        onNote: (text) => console.note(`note: ${text}`),
      },
    );
    console.endProgress();
    try {
      // First, since nobody may be reading what is printed.
      if (reportFile !== undefined) {
        await writeOutput(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
      }
    } finally {
      console.printText(textReport(report));
      console.note(describeEnd(report));
    }
  },
};

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
