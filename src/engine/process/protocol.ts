import type { Words } from '../../base/words';
import type { QuantizeReport } from '../../quantize/report';
import type { ExportOptions, ExportResult } from '../jobs/exportOnnx';
import type { InspectOptions, NetInspection } from '../jobs/inspectNet';
import type { EngineEvent } from '../files/events';
import type { QuantizeOptions } from '../search/quantizeOptions';
import type { ScoreOptions, ScoreResult } from '../jobs/scoreNet';

/** A job and what its promise resolves to. */
export interface Jobs {
  quantize: { readonly options: Omit<QuantizeOptions, 'signal'>; readonly result: QuantizeReport };
  score: { readonly options: Omit<ScoreOptions, 'signal'>; readonly result: ScoreResult };
  export: { readonly options: Omit<ExportOptions, 'signal'>; readonly result: ExportResult };
  inspect: { readonly options: InspectOptions; readonly result: NetInspection };
}

export type JobName = keyof Jobs;

/** One job a process: it starts, may be cancelled, and ends. */
export type ToEngine =
  | {
      [Name in JobName]: {
        readonly type: 'start';
        readonly job: Name;
        readonly options: Jobs[Name]['options'];
      };
    }[JobName]
  | { readonly type: 'cancel' };

export type FromEngine =
  | ({ readonly type: 'event' } & EngineEvent)
  | { readonly type: 'done'; readonly result: Jobs[JobName]['result'] }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly failure: Failure };

/** An error as it crosses the process border. */
export type Failure =
  | {
      readonly kind: 'user';
      readonly code: string;
      readonly detail: Words;
      readonly file?: string | undefined;
      readonly line?: number | undefined;
      readonly column?: number | undefined;
    }
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string | undefined };
