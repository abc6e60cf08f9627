import type { Group } from '../quantize/groups';

/**
 * What the results page and its host say to each other. The page imports nothing else from `src/`:
 * the host does all the thinking and formatting, the page draws.
 */
export type ToPage =
  /** The whole state; the answer to `ready`, and sent again whenever anything but progress changes. */
  | { readonly type: 'view'; readonly view: PanelView }
  /** Sent at most ten times a second while a run works. */
  | { readonly type: 'progress'; readonly runId: string; readonly progress: ProgressView }
  /** What a screen reader should say now, politely. */
  | { readonly type: 'announce'; readonly text: string };

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'action'; readonly action: PageAction }
  | { readonly type: 'revealLayer'; readonly layer: string }
  /** Show the prototxt of another net of the best search; of the delivered one without an index. */
  | { readonly type: 'selectPoint'; readonly index: number | undefined }
  /** Choose formats for just these bits, those of every layer, and score them. */
  | { readonly type: 'scoreBits'; readonly keep: KeptBitsView }
  /** Search once more, leaving the bits of these layers as they are. */
  | { readonly type: 'searchKeeping'; readonly keep: KeptBitsView }
  /** Show another run of the net: one of the view's related ones. */
  | { readonly type: 'showRun'; readonly runId: string };

/** What the page's buttons and menu entries ask for. */
export type PageAction =
  | 'quantizeAgain'
  | 'changeOptions'
  | 'searchBest'
  | 'tryAgain'
  | 'cancel'
  | 'savePrototxt'
  | 'openDiff'
  | 'copyReport'
  | 'exportJson'
  | 'exportCsv'
  | 'exportLayersCsv'
  | 'exportOnnx'
  | 'openNet'
  | 'showRuns'
  | 'compareRun'
  | 'showLog'
  /** What helps against some failures. */
  | 'showPlace'
  | 'chooseWeights'
  | 'useCpu'
  | 'setCaffeRoot'
  | 'setScore'
  | 'installCuda';

export type RunStatus =
  'queued' | 'starting' | 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted';

/** One run as the page shows it. */
export interface PanelView {
  readonly runId: string;
  /** The net's name. */
  readonly title: string;
  readonly status: RunStatus;
  /** `Running`, `Done`, `Cancelled`, ... */
  readonly statusText: string;
  /** Other runs of the net that the user may look for: where this one came from, what goes on. */
  readonly related: readonly RelatedRun[];
  /** One sentence when the prototxt or the weights changed since the run. */
  readonly stale?: string | undefined;
  /** Files, data, provider, mode, margin, time: the lines under the title. */
  readonly facts: readonly FactView[];
  /** Baseline, quantized net with its verdict, weight size, activation bits: as far as known. */
  readonly summary: readonly SummaryView[];
  /** `accuracy`, its unit (`%`, or nothing where it is no accuracy), and which scores are better. */
  readonly score: {
    readonly name: string;
    readonly unit: '%' | '';
    readonly direction: 'higher' | 'lower';
  };
  /** One table: a column group each; all have the same widths in the same order. */
  readonly widths: readonly number[];
  readonly groups: readonly GroupView[];
  readonly chart?: ChartView | undefined;
  /** The nets of a best search, in place of the table and its chart. */
  readonly points?: PointsView | undefined;
  readonly layers: LayersView;
  readonly diff?: DiffView | undefined;
  /** The original's text report. */
  readonly report?: string | undefined;
  readonly notes: readonly string[];
  readonly failure?: FailureView | undefined;
  /** What can be done now; other buttons are disabled or left out. */
  readonly actions: readonly PageAction[];
  readonly progress?: ProgressView | undefined;
}

export interface RelatedRun {
  readonly runId: string;
  /** `Back to the search`. */
  readonly action: string;
  /** `64.5 kB, 4.4-bit activations, 98.20 %, today 14:32`. */
  readonly text: string;
}

export interface FactView {
  /** `Net`, `Weights`, `Data`, `Runs on`, ... for screen readers and tooltips. */
  readonly label: string;
  readonly text: string;
  /** More, for a tooltip: the full path. */
  readonly title?: string | undefined;
}

export interface SummaryView {
  readonly label: string;
  /** `99.14 %`, `1.68 MB → 215 kB`; undefined as long as it is not known. */
  readonly value?: string | undefined;
  /** `-0.20, inside the margin`. */
  readonly remark?: string | undefined;
  readonly verdict?: 'inside' | 'outside' | undefined;
}

export interface GroupView {
  readonly group: Group;
  /** `CONV weights`. */
  readonly name: string;
  /** One for each of the view's widths. */
  readonly cells: readonly CellView[];
}

export interface CellView {
  readonly bits: number;
  /** `pending`: will perhaps be scored; `untried`: the sweep stopped before it. */
  readonly state: 'pending' | 'running' | 'scored' | 'untried';
  /** Of a scored cell: `99.14`, `-0.19`, whether it is within the margin, by how much it missed. */
  readonly score?: string | undefined;
  readonly drop?: string | undefined;
  readonly within?: boolean | undefined;
  readonly missedBy?: string | undefined;
  readonly time?: string | undefined;
  readonly chosen: boolean;
}

/** Score against bits, a line a group; values in the score's unit. */
export interface ChartView {
  readonly baseline: number;
  /** The worst score that is accepted. */
  readonly margin: number;
  readonly series: readonly {
    readonly group: Group;
    readonly name: string;
    readonly points: readonly {
      readonly bits: number;
      readonly value: number;
      /** `CONV weights, 8 bit: 99.15 %, inside the margin`. */
      readonly label: string;
      readonly within: boolean;
      readonly chosen: boolean;
    }[];
  }[];
}

/** Bit-widths by layer. */
export type KeptBitsView = Readonly<
  Record<string, { readonly weights: number; readonly input: number; readonly output: number }>
>;

export type PointKind = 'delivered' | 'frontier' | 'dominated' | 'bound';

/** The nets that a best search scored whole. */
export interface PointsView {
  readonly isOver: boolean;
  /** In the score's unit; undefined before they are known. */
  readonly baseline: number | undefined;
  readonly margin: number | undefined;
  /** What the search saves above all: the chart's axis, the table's order. */
  readonly cost: CostView;
  readonly columns: readonly ColumnView[];
  /** The smallest first. */
  readonly points: readonly PointView[];
  /** Index of the net whose prototxt is shown. */
  readonly selected: number | undefined;
  /** Where it is not the delivered one: what it is called, `net 6`, and why it was not delivered. */
  readonly other:
    | {
        readonly name: string;
        readonly text: string;
        readonly reason?: string | undefined;
        /** What leads back to the net that is usually shown; undefined where there is none. */
        readonly back: string | undefined;
      }
    | undefined;
  /** Of a search that did not end: its best net inside the margin, which is shown unless another is. */
  readonly stopped?: { readonly name: string; readonly text: string } | undefined;
  /** Why the delivered net is not the one that needs least of what the search saves. */
  readonly whyNotCheaper?: string | undefined;
}

export interface CostView {
  /** `weights`. */
  readonly name: string;
  readonly unit: 'B' | 'bit' | '';
}

export interface PointView {
  readonly index: number;
  readonly kind: PointKind;
  /** In the unit of the view's cost. */
  readonly cost: number;
  readonly value: number;
  /** One for each of the view's columns. */
  readonly cells: readonly CellText[];
  readonly verdict: 'inside' | 'outside';
  /** `firm`, `open: ±0.12`. */
  readonly firmness: string;
  readonly isDelivered: boolean;
  /** Its place in the order of visits, from 1: its name everywhere. */
  readonly number: number;
  /** All of it in a sentence. */
  readonly label: string;
}

/** The head of a table's column. */
export interface ColumnView {
  readonly key: string;
  readonly title: string;
  /** What the column means, for a tooltip. */
  readonly description: string;
  readonly numeric: boolean;
}

export interface CellText {
  readonly text: string;
  /** More, for a tooltip. */
  readonly title?: string | undefined;
  /** What orders the column. */
  readonly sort: number | string;
}

export interface LayersView {
  /** Bits that may be edited, in the rows' order; none where they cannot be. */
  readonly bits?: readonly LayerBits[] | undefined;
  /** All numbers of a layer have the same bits, as in minifloat. */
  readonly oneWidth?: boolean | undefined;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly {
    readonly layer: string;
    /** One a column. */
    readonly cells: readonly CellText[];
  }[];
}

/** The bits of a layer as the net shown has them. */
export interface LayerBits {
  readonly layer: string;
  readonly weights: number;
  readonly input: number;
  readonly output: number;
  /** Whether the search was told to leave them. */
  readonly kept?: boolean | undefined;
}

/** The change as a unified diff of whole lines. */
export interface DiffView {
  readonly file: string;
  readonly added: number;
  readonly removed: number;
  readonly rows: readonly DiffRow[];
}

export type DiffRow =
  | DiffLine
  /** A run of unchanged lines that is folded until asked for. */
  | { readonly kind: 'folded'; readonly lines: readonly DiffLine[] };

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly oldLine?: number | undefined;
  readonly newLine?: number | undefined;
  readonly spans: readonly { readonly text: string; readonly token: TokenKind }[];
}

export type TokenKind = 'plain' | 'field' | 'string' | 'number' | 'keyword' | 'comment';

export interface FailureView {
  /** `The engine was ended by SIGKILL`. */
  readonly title: string;
  readonly detail: string;
  /** The step it happened at: `FC weights 4 bit, batch 3 of 20`. */
  readonly step?: string | undefined;
  /** What helps, the likeliest first. */
  readonly actions: readonly PageAction[];
}

export interface ProgressView {
  /** `Trying 8 bits: weights of conv layers`. */
  readonly what: string;
  /** Share of the whole run that is done, 0 to 1. */
  readonly fraction: number;
  /** `5,210 images/s`; undefined at first. */
  readonly speed?: string | undefined;
  /** `about 4 s left`; undefined at first. */
  readonly left?: string | undefined;
  /** `best so far: 110 kB, 97.12 %`; undefined as long as no net is inside the margin. */
  readonly best?: string | undefined;
}
