import type { QuantizeReport } from '../../../src/quantize/report';
import type { RunRecord } from '../../../src/runs/runRecord';

const layers: QuantizeReport['layers'] = [
  {
    name: 'conv1',
    type: 'Convolution',
    line: 40,
    weights: 500,
    biases: 20,
    operations: 288_000,
    maxIn: 0.996,
    maxOut: 3.5,
    maxParams: 0.6,
    ilIn: 1,
    ilOut: 3,
    ilParams: 0,
    formats: {
      input: { kind: 'fixedPoint', bits: 8, fractionalLength: 7 },
      output: { kind: 'fixedPoint', bits: 8, fractionalLength: 5 },
      weights: { kind: 'fixedPoint', bits: 4, fractionalLength: 4 },
      bias: { kind: 'fixedPoint', bits: 4, fractionalLength: 4 },
    },
  },
  {
    name: 'ip1',
    type: 'InnerProduct',
    line: 80,
    weights: 4000,
    biases: 10,
    operations: 4000,
    maxIn: 3.5,
    maxOut: 20,
    maxParams: 0.2,
    ilIn: 3,
    ilOut: 6,
    ilParams: -1,
    formats: {
      input: { kind: 'fixedPoint', bits: 8, fractionalLength: 5 },
      output: { kind: 'fixedPoint', bits: 8, fractionalLength: 2 },
      weights: { kind: 'fixedPoint', bits: 4, fractionalLength: 5 },
      bias: { kind: 'fixedPoint', bits: 4, fractionalLength: 5 },
    },
  },
];

const score = (value: number): { score: number; loss: number; seconds: number } => ({
  score: value,
  loss: 0.1,
  seconds: 0.25,
});

/** A finished run of a made-up net: 4/4/8 bits, 98.94 %, within a margin of 1 %. */
export function finishedRun(change: Partial<RunRecord> = {}): RunRecord {
  const request: RunRecord['request'] = {
    model: '/nets/lenet_train_test.prototxt',
    netIndex: 0,
    netName: 'LeNet',
    weights: '/nets/lenet.caffemodel',
    output: '/nets/lenet_train_test_quantized.prototxt',
    mode: 'dynamic_fixed_point',
    errorMargin: 1,
    iterations: 100,
    provider: { kind: 'cpu' },
    calibration: 'train',
    cwd: '/nets',
  };
  const rows: RunRecord['rows'] = [
    { group: 'conv_params', bits: 16, ...score(0.9914) },
    { group: 'conv_params', bits: 8, ...score(0.9915) },
    { group: 'conv_params', bits: 4, ...score(0.9913) },
    { group: 'conv_params', bits: 2, ...score(0.95) },
    { group: 'fc_params', bits: 16, ...score(0.9914) },
    { group: 'fc_params', bits: 8, ...score(0.9914) },
    { group: 'fc_params', bits: 4, ...score(0.991) },
    { group: 'fc_params', bits: 2, ...score(0.8492) },
    { group: 'activations', bits: 16, ...score(0.9895) },
    { group: 'activations', bits: 8, ...score(0.9892) },
    { group: 'activations', bits: 4, ...score(0.968) },
  ];
  const report: QuantizeReport = {
    net: 'LeNet',
    mode: 'dynamic_fixed_point',
    search: 'original',
    baseline: 0.9914,
    baselineLoss: 0.1,
    rows,
    chosen: { conv_params: 4, fc_params: 4, activations: 8 },
    final: { ...score(0.9894), withinMargin: true, standardError: 0.001, verdict: 'firm' },
    layers,
    scoreBlob: 'accuracy',
    scoreIsAccuracy: true,
    scoreDirection: 'higher',
    weightBytes: { float: 18_120, quantized: 2_265 },
    errorMargin: 1,
    iterations: 100,
    batchSize: 100,
    calibration: 'train',
    provider: 'cpu',
    seconds: 8.1,
    output: request.output,
    inputs: [],
    versions: { ristretto: '0.1.0', onnxruntime: '1.29.0', node: '20.0.0' },
    notes: [],
  };
  return {
    id: 'run-1',
    request,
    startedAt: Date.UTC(2026, 10, 23, 12),
    hostPid: 1,
    status: 'done',
    seconds: 8.3,
    plan: {
      net: 'LeNet',
      provider: 'cpu',
      scoreBlob: 'accuracy',
      scoreIsAccuracy: true,
      scoreDirection: 'higher',
      iterations: 100,
      batchSize: 100,
      testSources: ['/nets/mnist_test_lmdb'],
      weightsBytes: 1_724_000,
      search: 'original',
      sweeps: (['conv_params', 'fc_params', 'activations'] as const).map((group) => ({
        group,
        widths: [16, 8, 4, 2, 1],
      })),
    },
    baseline: score(0.9914),
    layers,
    rows,
    notes: [],
    report,
    ...change,
  };
}

/** The same run while it works: the first `rows` rows are known. */
export function runningRun(rows: number, change: Partial<RunRecord> = {}): RunRecord {
  const whole = finishedRun();
  return {
    ...whole,
    status: 'running',
    rows: whole.rows.slice(0, rows),
    report: undefined,
    seconds: undefined,
    ...change,
  };
}
