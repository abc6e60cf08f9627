import { allocations, noiseFloor } from './allocation';
import type { JudgedNet } from './closeGap';
import type { Settings } from './knobs';
import { endByCalibration, lastWithin, scorePathForFrontier, worthwhile } from './pathEnd';
import { costOf, type SearchContext } from './searchContext';
import { measureAround, measureSensitivities, retune } from './sensitivity';

/**
 * The cheapest net within the margin by measuring every width of every knob, and again around each
 * net that was found.
 */
export async function searchBySensitivities(
  context: SearchContext,
  widest: JudgedNet,
): Promise<JudgedNet> {
  const { knobs, costs, effort } = context;
  context.onPhase('layers', 0);
  const floor = noiseFloor(context.calibratedFloat.distortion);
  const curves = await measureSensitivities(context, widest.settings);
  const path = allocations(knobs, curves, costs, floor);
  context.onPhase('together', 0);
  const end = await lastWithin(context, path, {
    mostVerdicts: effort.verdicts.first,
    guess: await endByCalibration(context, path),
    step: 1,
    isBounded: false,
  });
  context.onPhase('comparison', 0);
  await scorePathForFrontier(context, path, end?.index ?? 0, effort.frontier);
  let accepted: JudgedNet = end ?? widest;
  let bases = basesAfter(context, path, end?.index ?? -1, accepted);
  for (let round = 1, vain = 0; round <= effort.rounds && vain < effort.vainRounds; round++) {
    const base = bases.shift();
    if (base === undefined) break;
    context.onPhase('narrowing', round);
    vain++;
    const tuned = await retune(context, base, effort.retuning);
    const around = await measureAround(context, tuned, {
      knobs: new Set(knobs.keys()),
      reach: effort.around.reach,
    });
    const cost = costOf(context, accepted.settings);
    const cheaper = allocations(knobs, around, costs, floor).filter(
      (settings) => costOf(context, settings) < cost,
    );
    const found = await lastWithin(context, cheaper, {
      mostVerdicts: effort.verdicts.round,
      guess: await endByCalibration(context, cheaper),
      step: 1,
      isBounded: false,
    });
    if (found !== undefined) {
      accepted = found;
      if (costOf(context, found.settings) < cost * (1 - worthwhile)) vain = 0;
      bases = basesAfter(context, cheaper, found.index, found);
    }
    context.onRoundEnd(vain);
  }
  return accepted;
}

/** A net this much cheaper than the accepted one is worth a round of its own. */
const largeSaving = 0.85;

/**
 * Nets to look around next: the first one that was too cheap, the first one that is much cheaper (a large
 * layer with a bit less, which the others may be able to make up for), and the accepted one itself.
 */
function basesAfter(
  context: SearchContext,
  path: readonly Settings[],
  end: number,
  accepted: JudgedNet,
): Settings[] {
  const beyond = path.slice(end + 1);
  const cost = costOf(context, accepted.settings);
  const muchCheaper = beyond.find((settings) => costOf(context, settings) < cost * largeSaving);
  const bases = [muchCheaper, beyond[0], accepted.settings].filter((one) => one !== undefined);
  return [...new Set(bases)];
}
