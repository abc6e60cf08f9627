import type { DiffView, PageAction, PanelView, ProgressView } from '../../src/runs/panelMessages';
import { diffRows, layersView, sweep, type SampleLayer, type SampleSweep } from './sampleParts';
import { closePoints, sampleBits, samplePoints } from './samplePoints';

const always: readonly PageAction[] = ['openNet', 'showLog'];
const whileRunning: readonly PageAction[] = ['cancel', ...always];
const withoutReport: readonly PageAction[] = ['tryAgain', 'changeOptions', ...always];
const withReport: readonly PageAction[] = [
  'quantizeAgain',
  'changeOptions',
  'savePrototxt',
  'openDiff',
  'copyReport',
  'exportJson',
  'exportCsv',
  'exportLayersCsv',
  'exportOnnx',
  ...always,
];

const lenetSweep: SampleSweep = {
  widths: [16, 8, 4, 2, 1],
  baseline: 99.14,
  margin: 1,
  groups: [
    { group: 'conv_params', name: 'CONV weights', scores: [99.14, 99.15, 99.13, 95.0] },
    { group: 'fc_params', name: 'FC weights', scores: [99.14, 99.14, 99.1, 84.92] },
    { group: 'activations', name: 'Activations', scores: [98.95, 98.92, 96.8], seconds: 0.6 },
  ],
};

const lenetLayers: readonly SampleLayer[] = [
  ['conv1', 'Convolution', 520, [0.9961, 2.936, 0.5914]],
  ['conv2', 'Convolution', 25_050, [2.936, 9.413, 0.3541]],
  ['ip1', 'InnerProduct', 400_500, [9.413, 11.26, 0.1518]],
  ['ip2', 'InnerProduct', 5_010, [11.26, 28.37, 0.3072]],
];

const head = Array.from({ length: 42 }, (_, i) => `~# line ${i + 1} of the head`).join('\n');
const quantized = `+  quantization_param {
+    bw_layer_in: 8
+    bw_layer_out: 8
+    bw_params: 4
+    fl_layer_in: 7
+    fl_layer_out: 4
+    fl_params: 4
+    precision: DYNAMIC_FIXED_POINT
+  }`;
const lenetDiff: DiffView = {
  file: 'lenet_train_test_quantized.prototxt',
  added: 20,
  removed: 2,
  rows: diffRows(`${head}
 layer {
   name: "conv1"
-  type: "Convolution"  # 28x28 -> 20 x 24x24
+  type: "ConvolutionRistretto"  # 28x28 -> 20 x 24x24
   bottom: "data"
   top: "conv1"
   param { lr_mult: 1 }
~  param { lr_mult: 2 }  # biases learn twice as fast
~  convolution_param {
~    num_output: 20
~    kernel_size: 5
~    stride: 1
   weight_filler { type: "xavier" }
   bias_filler { type: "constant" }
   }
${quantized}
 }
 layer {
   name: "conv2"
-  type: "Convolution"
+  type: "ConvolutionRistretto"
   bottom: "pool1"
${quantized}
 }`),
};

const lenetReport = `Network accuracy analysis for
Convolutional (CONV) and fully
connected (FC) layers.
Baseline 32bit float: 0.9914
Dynamic fixed point CONV
weights:
16bit: \t0.9914
8bit: \t0.9915
4bit: \t0.9913
2bit: \t0.95
Dynamic fixed point FC
weights:
16bit: \t0.9914
8bit: \t0.9914
4bit: \t0.991
2bit: \t0.8492
Dynamic fixed point layer
activations:
16bit: \t0.9895
8bit: \t0.9892
4bit: \t0.968
Dynamic fixed point net:
4bit CONV weights,
4bit FC weights,
8bit layer activations:
Accuracy: 0.9894
Please fine-tune.`;

const done: PanelView = {
  runId: 'run-1',
  title: 'LeNet',
  status: 'done',
  statusText: 'Done',
  facts: [
    { label: 'Net', text: 'lenet_train_test.prototxt', title: '/nets/lenet_train_test.prototxt' },
    { label: 'Weights', text: 'lenet_iter_10000.caffemodel (1.72 MB)', title: '/nets/lenet' },
    { label: 'Data', text: 'mnist_test_lmdb, 100 × 100 images', title: '/nets/mnist_test_lmdb' },
    { label: 'Runs on', text: 'CPU' },
    { label: 'Trimming mode', text: 'dynamic fixed point' },
    { label: 'Error margin', text: 'margin 1 %' },
    { label: 'Time', text: '8.1 s' },
  ],
  summary: [
    { label: 'Float', value: '99.14 %' },
    {
      label: 'Quantized',
      value: '98.94 %',
      remark: '−0.20, inside the margin of 1 %',
      verdict: 'inside',
    },
    { label: 'Weights', value: '1.72 MB → 216 kB', remark: '8.0× smaller' },
    { label: 'Activations', value: '8 bit', remark: 'float: 32 bit' },
  ],
  score: { name: 'accuracy', unit: '%', direction: 'higher' },
  ...sweep(lenetSweep),
  layers: layersView(lenetLayers),
  diff: lenetDiff,
  report: lenetReport,
  related: [],
  notes: [],
  actions: withReport,
};

export const progress: ProgressView = {
  what: 'Trying 8 bits: weights of FC layers',
  fraction: 0.38,
  speed: '5,210 images/s',
  left: 'about 4 s left',
  best: 'best so far: 1.12 MB, 99.15 %',
};

/** LeNet while it runs, with the first rows known. */
export function running(known: number): PanelView {
  const { facts, summary } = done;
  return {
    ...done,
    status: 'running',
    statusText: 'Running',
    facts: facts.slice(0, -1),
    summary: summary.map(({ label, value }) => ({
      label,
      value: label === 'Float' ? value : label === 'Weights' ? '1.72 MB' : undefined,
    })),
    ...sweep({ ...lenetSweep, known, isRunning: true }),
    diff: undefined,
    report: undefined,
    actions: whileRunning,
    progress,
  };
}

function ended(status: PanelView['status'], statusText: string, known: number): PanelView {
  return {
    ...running(known),
    status,
    statusText,
    ...sweep({ ...lenetSweep, known }),
    actions: withoutReport,
    progress: undefined,
  };
}

const nothingYet = {
  facts: done.facts.slice(0, 2),
  summary: done.summary.map(({ label }) => ({ label })),
  widths: [],
  groups: [],
  chart: undefined,
  layers: layersView([]),
  progress: undefined,
};

const lossSweep: SampleSweep = {
  widths: [16, 8, 4, 2, 1],
  baseline: 2.303,
  margin: 0.01,
  decimals: 3,
  unit: '',
  isLoss: true,
  groups: [
    { group: 'conv_params', name: 'CONV weights', scores: [2.303, 2.304, 2.301, 2.942] },
    { group: 'fc_params', name: 'FC weights', scores: [2.303, 2.31, 1.2, 87.34] },
    { group: 'activations', name: 'Activations', scores: [2.303, 2.299, 2.313, 2.32] },
  ],
};

const manyLayers = Array.from({ length: 200 }, (_, i): SampleLayer => [
  `inception_${String(i).padStart(3, '0')}/3x3_reduce`,
  i % 7 === 0 ? 'InnerProduct' : 'Convolution',
  100 * ((i * 37) % 200) + 64,
  [1 + (i % 13), 2 + (i % 29), 0.05 + (i % 17) / 20],
]);

const hostile = '<img src=x onerror="window.troubles.push(1)">';
const bigDiff = Array.from({ length: 2500 }, (_, i) => `-    old: ${i}\n+    new: ${i}`).join('\n');

const best: PanelView = {
  ...done,
  facts: done.facts.map((fact) =>
    fact.label === 'Trimming mode' ? { ...fact, text: 'mixed formats, best search' } : fact,
  ),
  summary: [
    { label: 'Float', value: '99.14 %' },
    {
      label: 'Quantized',
      value: '98.21 %',
      remark: '−0.93, inside the margin of 1 % (open: ±0.11)',
      verdict: 'inside',
    },
    { label: 'Weights', value: '1.72 MB → 64.5 kB', remark: '26.7× smaller' },
    { label: 'Activations', value: '4.4 bit on average', remark: 'float: 32 bit' },
  ],
  widths: [],
  groups: [],
  chart: undefined,
  points: samplePoints(),
  layers: { ...layersView(lenetLayers), bits: sampleBits },
  report: undefined,
};

/** The page in every state. */
export const views = {
  queued: {
    ...running(0),
    ...nothingYet,
    status: 'queued',
    statusText: 'Waiting',
  },
  starting: {
    ...running(0),
    ...nothingYet,
    status: 'starting',
    statusText: 'Starting',
  },
  running: running(6),
  done,
  best,
  bestOther: {
    ...best,
    summary: [
      { label: 'Float', value: '99.14 %' },
      {
        label: 'Quantized, net 6',
        value: '98.46 %',
        remark: '−0.68, inside the margin of 1 %',
        verdict: 'inside',
      },
      { label: 'Weights', value: '1.72 MB → 112 kB', remark: '15.3× smaller' },
      { label: 'Activations', value: '4.6 bit on average', remark: 'float: 32 bit' },
    ],
    points: samplePoints(8, 5),
  },
  bestClose: { ...best, runId: 'run-close', points: closePoints() },
  bestRunning: {
    ...running(0),
    widths: [],
    groups: [],
    chart: undefined,
    points: samplePoints(4),
  },
  bestStarting: {
    ...running(0),
    widths: [],
    groups: [],
    chart: undefined,
    points: { ...samplePoints(0), isOver: false },
  },
  outside: {
    ...done,
    summary: done.summary.map((part) =>
      part.label === 'Quantized'
        ? {
            ...part,
            value: '97.52 %',
            remark: '−1.62, outside the margin of 1 %',
            verdict: 'outside' as const,
          }
        : part,
    ),
    actions: [...withReport, 'searchBest'],
  },
  cancelled: ended('cancelled', 'Cancelled', 5),
  cancelledEarly: {
    ...ended('cancelled', 'Cancelled', 0),
    ...nothingYet,
  },
  failed: {
    ...ended('failed', 'Failed', 6),
    failure: {
      title: 'The engine stopped',
      detail:
        'The engine was ended by SIGKILL: the machine may have run out of memory. Fewer images a batch need less.',
      step: 'Trying 4 bits: weights of FC layers, batch 3 of 20',
      actions: ['tryAgain', 'showLog'],
    },
  },
  interrupted: {
    ...ended('interrupted', 'Interrupted', 6),
    failure: {
      title: 'The window that ran this was closed or reloaded',
      detail: 'What had been scored by then is kept: Try Again goes on from there.',
      actions: ['tryAgain'],
    },
  },
  stale: {
    ...done,
    stale: 'The weights have changed since this run: quantize again for current results.',
  },
  minifloat: {
    ...done,
    runId: 'run-minifloat',
    facts: done.facts.map((fact) =>
      fact.label === 'Trimming mode' ? { ...fact, text: 'minifloat' } : fact,
    ),
    ...sweep({
      widths: [16, 8, 7, 6, 5],
      baseline: 99.14,
      margin: 1,
      groups: [{ group: 'net', name: 'Whole net', scores: [99.14, 99.02, 98.71, 97.3] }],
    }),
  },
  loss: {
    ...done,
    runId: 'run-loss',
    title: 'CaffeNet without labels',
    score: { name: 'loss', unit: '', direction: 'lower' },
    summary: [
      { label: 'Float', value: '2.303' },
      { label: 'Quantized', value: '2.307', remark: '+0.004, inside the margin of 0.01' },
    ],
    ...sweep(lossSweep),
  },
  manyLayers: { ...done, runId: 'run-many', title: 'GoogLeNet', layers: layersView(manyLayers) },
  bigDiff: {
    ...done,
    runId: 'run-big',
    diff: { file: 'big.prototxt', added: 2500, removed: 2500, rows: diffRows(bigDiff) },
  },
  hostile: {
    ...done,
    runId: 'run-hostile',
    title: hostile,
    facts: [
      { label: 'Net', text: `${hostile}.prototxt`, title: hostile },
      { label: 'Weights', text: `${'very_long_name_without_any_break_'.repeat(8)}.caffemodel` },
    ],
    notes: [hostile, '<script>window.troubles.push(2)</script>'],
    groups: done.groups.map((group) => ({ ...group, name: hostile })),
    layers: layersView([[hostile, hostile, 1, [1, 1, 1]]]),
    diff: { ...lenetDiff, file: hostile, rows: diffRows(` name: "${hostile}"\n+${hostile}`) },
    report: hostile,
    failure: { title: hostile, detail: hostile, step: hostile, actions: ['tryAgain', 'showPlace'] },
    related: [{ runId: 'run-1', action: hostile, text: hostile }],
    stale: hostile,
  },
} satisfies Record<string, PanelView>;

export type ViewName = keyof typeof views;
