import path from 'node:path';
import type { Weights } from '../../caffe/caffemodel';
import { isRistrettoType, parameterGroup } from '../../caffe/layerTypes';
import type { Layer, Net } from '../../caffe/net';
import { buildNet } from '../../caffe/buildNet';
import { partThatMakes } from '../../caffe/neededLayers';
import type { NetFile } from '../../caffe/netFile';
import { netState } from '../../caffe/phase';
import { withOutput } from '../../caffe/predictions';
import { chooseSearchScore } from '../../caffe/scoreBlob';
import type { ScoreChoice } from '../../caffe/scoreChoice';
import type { Shape } from '../../base/shape';
import { refuseUnobeyed } from '../../onnx/forkSettings';
import { checkSupported } from '../../onnx/registry';
import { parsePrototxt } from '../../prototxt/parse';
import { SourceText } from '../../prototxt/source';
import { UserError } from '../../base/userError';
import { inFlags, option, words, type Words } from '../../base/words';
import type { ExecutionProvider } from '../../runtime/provider';
import { isDataLayer } from '../inputs/dataLayers';
import { filesRead, type FileRead } from '../inputs/filesRead';
import type { Evaluator, EvaluatorOptions, NetInputs } from '../scoring/evaluator';
import { openScoring, readScoredNet } from '../inputs/openScoring';
import { dataFiles, NetData } from '../inputs/netData';
import { checkNotRead, checkOutput } from '../files/outputFile';
import type { QuantizeOptions } from './quantizeOptions';
import { hasGivenData } from '../inputs/scoringPlan';

/** Everything a run works with, read and found to fit together. */
export interface QuantizeSetup {
  readonly file: NetFile;
  /** Batches to score on. */
  readonly iterations: number;
  /** The net's name, or the file's where it has none. */
  readonly netName: string;
  readonly weights: Weights;
  /** Layers to quantize, in file order. */
  readonly targets: readonly Layer[];
  /** What is scored. */
  readonly choice: ScoreChoice;
  /** What really runs the net. */
  readonly provider: ExecutionProvider;
  readonly testData: NetData;
  /** The TEST data again where the ranges come from them. */
  readonly rangeData: NetData;
  /** What the best search ranks candidates of the TEST-phase net on. */
  readonly calibrationData: NetData;
  /** Scores the TEST-phase net. */
  readonly tester: Evaluator;
  /** Measures ranges, in the TRAIN phase unless told otherwise. */
  readonly ranger: Evaluator;
  /** Shapes of the blobs of the TEST-phase net. */
  readonly blobShapes: ReadonlyMap<string, Shape>;
  /** Another evaluator of the TEST-phase net, on other data and with one more output. */
  testerOn(data: NetInputs, output: string): Evaluator;
  /** Another evaluator of the TEST-phase net, whose weights of a candidate come from elsewhere. */
  testerWith(quantizeBlob: EvaluatorOptions['quantizeBlob']): Evaluator;
  /** All that scores depend on besides net and weights. */
  readonly filesRead: readonly FileRead[];
  close(): Promise<void>;
}

/**
 * Reads and checks all inputs of a run before any pass.
 *
 * @throws UserError for whatever can be known to be wrong by then
 */
export async function prepareQuantize(
  options: QuantizeOptions,
  note: (text: Words) => void,
): Promise<QuantizeSetup> {
  checkOutput({
    path: options.modelQuantized,
    option: 'modelQuantized',
    inputs: [options.model, options.weights],
    force: options.force,
    isEarlierResult: (content) => isQuantizedPrototxt(content.toString('utf8')),
  });
  const scored = await readScoredNet(options, 'TEST', chooseSearchScore, note);
  const { file, choice, net: testNet } = scored;
  const rangeNet = options.calibration === 'train' ? buildTrainNet(file, options) : testNet;
  checkSupported(rangeNet);
  const targets = quantizableLayers(file, rangeNet, testNet, note);
  const scoring = await openScoring(scored, options, note);
  const { data: testData, evaluatorOf } = scoring;
  const opened = [testData];
  const close = async (): Promise<void> => {
    for (const data of opened) await data.close();
  };
  try {
    const rangeData = rangeNet === testNet ? testData : await openTrainData(rangeNet, options);
    if (rangeData !== testData) opened.push(rangeData);
    checkOutputs(options, [testNet, rangeNet], [testData, rangeData]);
    const ranger = evaluatorOf({ net: rangeNet, data: rangeData });
    ranger.check();
    // Losses and the like have no part in the ranges.
    const measured = targets.flatMap(({ bottoms, tops }) => [...bottoms, ...tops]);
    refuseUnobeyed(partThatMakes(rangeNet, measured));
    scoring.tell([{ net: rangeNet, data: rangeData }]);
    if (options.calibration === 'test') {
      note(
        words`ranges are taken from TEST-phase data${inFlags(
          words` (${option('calibration', 'test')})`,
        )}`,
      );
    }
    return {
      file,
      iterations: scoring.iterations,
      netName: nameOf(testNet),
      weights: scoring.weights,
      targets,
      choice,
      provider: scoring.provider,
      testData,
      rangeData,
      // An accuracy that was added reads labels, which only the TEST-phase data hold.
      calibrationData: isGiven(rangeNet, options) ? testData : rangeData,
      tester: scoring.evaluator,
      ranger,
      blobShapes: scoring.blobShapes,
      filesRead: filesRead(
        [...new Set([testNet, rangeNet])],
        [...new Set([testData, rangeData])],
        options,
      ),
      testerOn: (data, output) => evaluatorOf({ net: withOutput(testNet, output), data }),
      testerWith: (quantizeBlob) => evaluatorOf({ quantizeBlob }),
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Refuses to write what the run reads. */
function checkOutputs(
  options: QuantizeOptions,
  nets: readonly Net[],
  opened: readonly NetData[],
): void {
  const outputs = [
    { path: options.modelQuantized, option: 'modelQuantized' as const },
    ...(options.otherOutputs ?? []),
  ];
  const read = [
    ...nets.flatMap((net) => dataFiles(net, options)),
    ...opened.flatMap(({ sources }) => sources),
  ];
  for (const output of outputs) checkNotRead(output, read);
}

/** Whether a net reads nothing but the files that are given for its inputs: the same in every phase. */
function isGiven(net: Net, options: QuantizeOptions): boolean {
  return hasGivenData(options) && !net.layers.some(isDataLayer);
}

function nameOf({ name, file }: Net): string {
  return name === '' ? path.parse(file.source.path).name : name;
}

/** Layers to quantize: those of the net whose ranges are measured. */
function quantizableLayers(
  file: NetFile,
  rangeNet: Net,
  testNet: Net,
  note: (text: Words) => void,
): Layer[] {
  const isTarget = ({ type }: Layer): boolean => parameterGroup(type) !== undefined;
  const targets = rangeNet.layers.filter(isTarget);
  if (targets.length === 0) {
    const isDone = rangeNet.layers.some(({ type }) => isRistrettoType(type));
    throw new UserError(
      'net/nothing-to-quantize',
      'there is no Convolution or InnerProduct layer in this net to quantize' +
        (isDone ? ': its layers are quantized already, give the float net' : ''),
      { file: file.source.path },
    );
  }
  const measured = new Set(targets.map(({ name }) => name));
  for (const layer of testNet.layers.filter(isTarget)) {
    if (measured.has(layer.name)) continue;
    note(
      `layer "${layer.name}" (line ${layer.place.line}) is not part of the TRAIN phase, where ` +
        'ranges are measured: it stays float',
    );
  }
  return targets;
}

/** A net for TEST only is none in TRAIN. */
function buildTrainNet(file: NetFile, options: QuantizeOptions): Net {
  try {
    // Ranges come from TRAIN data or, by another flag, from TEST data: no other phase is asked for.
    return buildNet(file, netState('TRAIN', options), { isPhaseOpen: false });
  } catch (cause) {
    throw withTestData(cause);
  }
}

/** What was missing in the TRAIN phase may be there in TEST. */
function withTestData(cause: unknown): unknown {
  if (!(cause instanceof UserError)) return cause;
  return new UserError(
    cause.code,
    words`${cause.detail} (the TRAIN-phase data are needed to measure ranges; ${option(
      'calibration',
      'test',
    )} takes them from the TEST-phase data instead)`,
    cause.place,
    { cause },
  );
}

/** The original measures on TRAIN data; where that is not at hand there is another way. */
async function openTrainData(net: Net, options: QuantizeOptions): Promise<NetData> {
  try {
    // Ranges are measured once: nothing needs to be kept.
    return await NetData.open(net, options, 0);
  } catch (cause) {
    throw withTestData(cause);
  }
}

function isQuantizedPrototxt(text: string): boolean {
  const { root, diagnostics } = parsePrototxt(new SourceText('', text));
  if (diagnostics.some(({ severity }) => severity === 'error')) return false;
  return root.fields.some(
    ({ name, values }) =>
      name === 'layer' &&
      values.some(
        (value) =>
          value.kind === 'message' &&
          value.fields.some((field) => field.name === 'quantization_param'),
      ),
  );
}
