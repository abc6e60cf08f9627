import type { Words } from '../../base/words';
import type { SweepRow } from '../../quantize/groups';
import type { LayerReport, RunPlan, VisitedPoint } from '../../quantize/report';
import type { Score } from '../../quantize/score';
import type { Progress } from './progress';

/** What the engine's jobs tell while they work, each with its value. */
export interface EngineEvents {
  progress: Progress;
  /** All inputs of a score are read and fit together. */
  start: ScorePlan;
  /** All inputs of a search are read and fit together. */
  plan: RunPlan;
  /** The float net's score. */
  baseline: Score;
  /** The ranges of all layers to quantize. */
  layers: readonly LayerReport[];
  row: SweepRow;
  /** A net that the best search scored on all iterations; what it is among others may change later. */
  point: VisitedPoint;
  note: Words;
}

/** What a score is made of. */
export interface ScorePlan {
  readonly iterations: number;
  readonly batchSize: number;
  readonly provider: string;
}

export type EventName = keyof EngineEvents;

/** Any event, as it crosses the border of a process. */
export type EngineEvent = {
  [Name in EventName]: { readonly event: Name; readonly value: EngineEvents[Name] };
}[EventName];

/** How a job tells an event. */
export type Tell = <Name extends EventName>(event: Name, value: EngineEvents[Name]) => void;

/** Who hears of which events; nobody has to hear of any. */
export type Listeners = {
  readonly [Name in EventName]?: (value: EngineEvents[Name]) => void;
};

/** Tells each event to whoever listens to it. */
export function tellTo(listeners: Listeners): Tell {
  return (event, value) => listeners[event]?.(value);
}

/** Tells one event that came from another process. */
export function hear<Name extends EventName>(
  listeners: Listeners,
  { event, value }: { readonly event: Name; readonly value: EngineEvents[Name] },
): void {
  listeners[event]?.(value);
}
