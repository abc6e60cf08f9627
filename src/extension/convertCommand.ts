import path from 'node:path';
import * as vscode from 'vscode';
import { runJob } from '../engine/process/client';
import { shown } from '../base/shown';
import { describeOnnx } from '../runs/view/describeOnnx';
import { inSettings } from '../runs/view/settingWords';
import { withJobProgress } from './jobProgress';
import type { Services } from './services';
import { readSettings } from './settings';
import { resolveTarget } from './target';
import { requireTrust } from './trust';
import { chooseWeights } from './weightsQuestion';
import { workFolder } from './workFolder';
import { tellWritten } from './writtenFiles';

/** What to convert, and where the save dialog begins. */
export interface OnnxExport {
  readonly model: string;
  readonly netIndex?: number;
  /** Folder that paths in the prototxt are relative to, where it is not the model's. */
  readonly modelFolder?: string;
  readonly weights: string;
  readonly proposal: string;
  readonly name: string;
  readonly cwd: string;
  readonly caffeRoot: string | undefined;
  /** Write here without asking. */
  readonly output?: string;
}

/**
 * *Convert to ONNX*: writes a net, float or quantized, as an `.onnx` file.
 *
 * @returns the file, or undefined when the user backs out
 * @throws UserError for bad input; CancellationError
 */
export async function convertNetwork(
  services: Services,
  uri: vscode.Uri | undefined,
  options: { readonly netIndex?: number; readonly output?: string } = {},
): Promise<string | undefined> {
  const target = await resolveTarget(uri, options.netIndex);
  if (target === undefined) return undefined;
  const weights = await chooseWeights(target, services.answers.of(target).weights);
  if (weights === undefined) return undefined;
  await services.answers.remember(target, { weights });
  const { model, netIndex, netName } = target;
  const { dir, name } = path.parse(model);
  return exportOnnxFile(services, {
    model,
    netIndex,
    weights,
    proposal: path.join(dir, `${name}.onnx`),
    name: netName,
    cwd: workFolder(target.uri),
    caffeRoot: readSettings(target.uri).options.caffeRoot,
    output: options.output,
  });
}

/** Asks where to, and converts there. */
export async function exportOnnxFile(
  { engine, log }: Services,
  { proposal, name, output, ...job }: OnnxExport,
): Promise<string | undefined> {
  requireTrust();
  const chosen =
    output ??
    (
      await vscode.window.showSaveDialog({
        title: `Convert ${name} to ONNX`,
        defaultUri: vscode.Uri.file(proposal),
        filters: { ONNX: ['onnx'] },
      })
    )?.fsPath;
  if (chosen === undefined) return undefined;
  const result = await withJobProgress(`Converting ${name}`, (_report, signal) =>
    // The dialog has asked before it named an existing file.
    runJob(
      'export',
      { ...job, output: chosen, phase: 'TEST', force: true },
      {},
      { engine, signal },
    ),
  );
  result.notes.forEach((note) => log.info(shown(`${name}: ${inSettings(note)}`)));
  tellWritten(chosen, 'Wrote', describeOnnx(result));
  return chosen;
}
