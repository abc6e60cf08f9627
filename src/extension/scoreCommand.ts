import path from 'node:path';
import * as vscode from 'vscode';
import { runJob } from '../engine/client';
import type { ScoreResult } from '../engine/scoreNet';
import { shown } from '../prototxt/shown';
import { formatProvider, formatSeconds, ScoreFormat } from '../runs/formatting';
import { notificationText } from '../runs/notificationText';
import { progressView } from '../runs/progressView';
import { workFolder } from './quantizeCommand';
import type { Services } from './services';
import { readSettings } from './settings';
import { resolveTarget } from './target';
import { chooseWeights } from './weightsQuestion';
import { withJobProgress } from './jobProgress';

/**
 * *Score Network*: scores a net, float or quantized, on its TEST data.
 *
 * @returns undefined when the user backs out
 * @throws UserError for bad input; CancellationError
 */
export async function scoreNetwork(
  services: Services,
  uri: vscode.Uri | undefined,
  options: { readonly netIndex?: number } = {},
): Promise<ScoreResult | undefined> {
  const target = await resolveTarget(uri, options.netIndex);
  if (target === undefined) return undefined;
  const settings = readSettings(target.uri);
  const known = services.answers.of(target);
  const weights = await chooseWeights(target, known.weights);
  if (weights === undefined) return undefined;
  await services.answers.remember(target, { weights });
  const { model, netIndex, netName } = target;
  const paths = { model, netIndex, cwd: workFolder(target.uri), caffeRoot: settings.caffeRoot };
  const { result, iterations, batchSize } = await withJobProgress(
    `Scoring ${netName}`,
    async (report, signal) => {
      const place = { engine: services.engine, signal };
      const { records, batchSize } = await runJob('inspect', paths, {}, place);
      const iterations =
        known.iterations ?? settings.iterations ?? Math.max(1, Math.ceil(records / batchSize));
      const provider = known.execution ?? settings.execution;
      const result = await runJob(
        'score',
        { ...paths, weights, iterations, provider },
        { onProgress: (progress) => report(progressView(progress)) },
        place,
      );
      return { result, iterations, batchSize };
    },
  );
  for (const [blob, { data }] of result.outputs) {
    services.log.info(shown(`${netName}: ${blob} = ${[...data].join(', ')}`));
  }
  result.notes.forEach((note) => services.log.info(shown(`${netName}: ${note}`)));
  const score = new ScoreFormat(result.scoreIsAccuracy).text(result.score);
  const loss = result.loss === null ? '' : `, loss ${new ScoreFormat(false).text(result.loss)}`;
  void vscode.window.showInformationMessage(
    notificationText(
      `${netName} (${path.basename(weights)}): ${result.scoreBlob} ${score}${loss} over ` +
        `${iterations} × ${batchSize} images (${formatSeconds(result.seconds)}, ` +
        `${formatProvider(result.provider)})`,
    ),
  );
  return result;
}
