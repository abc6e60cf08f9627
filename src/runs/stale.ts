import { isSameStamp, stampFile } from './fileStamp';
import { isUnfinished, type RunRecord } from './runRecord';

/** One sentence when the files of a run have changed since; undefined where they have not. */
export function describeStale(record: RunRecord): string | undefined {
  const { request, stamps } = record;
  if (stamps === undefined || isUnfinished(record)) return undefined;
  const model = !isSameStamp(stamps.model, stampFile(request.model));
  const weights = !isSameStamp(stamps.weights, stampFile(request.weights));
  if (!model && !weights) return undefined;
  const what =
    model && weights ? 'The net and its weights have' : model ? 'The net has' : undefined;
  return `${what ?? 'The weights have'} changed since this run: quantize again for current results.`;
}
