import type * as vscode from 'vscode';
import { checkNet } from '../onnx/checkNet';
import { runJob } from '../engine/process/client';
import type { ScoreResult } from '../engine/jobs/scoreNet';
import { shown } from '../base/shown';
import { takenBy } from '../options/table';
import { inSettings } from '../runs/view/settingWords';
import { progressView } from '../runs/view/progressView';
import { scoreSentence, scoreText } from '../runs/view/scoreText';
import { withJobProgress } from './jobProgress';
import { openScore } from './runDocuments';
import type { Services } from './services';
import { readSettings } from './settings';
import { resolveTarget } from './target';
import { chooseWeights } from './weightsQuestion';
import { workFolder } from './workFolder';

/**
 * *Score Network*: scores a net, float or quantized, on its TEST data. The result opens as a document,
 * which stays.
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
  checkNet(target.model, target.netIndex);
  const settings = readSettings(target.uri);
  const known = services.answers.of(target);
  const weights = await chooseWeights(target, known.weights);
  if (weights === undefined) return undefined;
  await services.answers.remember(target, { weights });
  const { model, netIndex, netName } = target;
  const given = { ...settings.options, ...known };
  const paths = { model, netIndex, cwd: workFolder(target.uri) };
  const { result, iterations, batchSize } = await withJobProgress(
    `Scoring ${netName}`,
    async (report, signal) => {
      const place = { engine: services.engine, signal };
      const net = { ...takenBy('inspect', given), ...paths };
      const { records, batchSize } = await runJob('inspect', net, {}, place);
      const iterations = given.iterations ?? Math.max(1, Math.ceil(records / batchSize));
      const provider = given.provider ?? settings.options.provider;
      const result = await runJob(
        'score',
        { ...takenBy('score', given), ...paths, weights, iterations, provider },
        { progress: (progress) => report(progressView(progress)) },
        place,
      );
      return { result, iterations, batchSize };
    },
  );
  result.notes.forEach((note) => services.log.info(shown(`${netName}: ${inSettings(note)}`)));
  const scored = { netName, model, weights, iterations, batchSize, at: Date.now(), result };
  services.log.info(shown(scoreSentence(scored)));
  await openScore(model, await services.scores.keep(scoreText(scored)));
  return result;
}
