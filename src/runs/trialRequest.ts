import type { LayerFormats } from '../formats/layerFormats';
import type { KeptBitsView } from './panelMessages';
import { selectedPoint } from './view/pointsView';
import type { RunRecord, RunRequest } from './runRecord';

/**
 * A run that scores bits that were edited by hand. The formats of the net they were edited in go along:
 * what was not edited keeps them, so that a change of score comes from the edit alone.
 *
 * @param selected net of the run that the page showed; the delivered one if undefined
 */
export function trialRequest(
  record: RunRecord,
  selected: number | undefined,
  keep: KeptBitsView,
): RunRequest {
  const { request, report } = record;
  const delivered = report?.layers.map(({ name, formats }) => [name, formats] as const) ?? [];
  const base: Record<string, LayerFormats> = {
    ...Object.fromEntries(delivered),
    ...selectedPoint(record, selected)?.formats,
  };
  // A trial of a trial still leads back to the search it began with.
  return { ...request, keep, base, trialOf: request.trialOf ?? record.id, resumes: undefined };
}
