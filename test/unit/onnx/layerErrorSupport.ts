import { expect } from 'vitest';
import { buildNet } from '../../../src/caffe/buildNet';
import { parseNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { convertNet } from '../../../src/onnx/convertNet';
import { SourceText } from '../../../src/prototxt/source';
import { UserError } from '../../../src/base/userError';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { weightsOf, type TestWeights } from '../../support/runModel';

/** The error an action throws, as it should: one for the user. */
export function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (cause) {
    if (cause instanceof UserError) return cause;
    throw cause;
  }
  throw new Error('nothing was thrown');
}

export const netOf = (prototxt: string): ReturnType<typeof buildNet> =>
  buildNet(parseNetFile(new SourceText('test.prototxt', prototxt)), netState('TEST'));

/** An Input layer of one top. */
export const input = (top: string, ...shape: number[]): string =>
  `layer { name: "${top}" type: "Input" top: "${top}" ` +
  `input_param { shape { ${shape.map((dim) => `dim: ${dim}`).join(' ')} } } }`;

/** The error of converting a net whose third line is the layer `l`. */
export function layerErrorOf(
  inputs: readonly string[],
  layer: string,
  weights: TestWeights = {},
): UserError {
  const prototxt = `${inputs.join(' ')}\n\nlayer { name: "l" ${layer} }`;
  return errorOf(() =>
    convertNet(netOf(prototxt), {
      weights: weightsOf(weights),
      inputShapes: new Map(),
      quantizeBlob,
    }),
  );
}

export const image = [input('x', 1, 4, 5, 5)];
export const matrix = [input('x', 2, 3)];
export const labelled = [input('x', 2, 3), input('label', 2)];
export const one = 'bottom: "x" top: "y"';
export const both = 'bottom: "x" bottom: "label" top: "y"';
export const conv = `${one} type: "Convolution" convolution_param`;
export const pool = `${one} type: "Pooling" pooling_param`;
export const fc = `${one} type: "InnerProduct" inner_product_param`;
export const quantized = `${one} type: "FcRistretto" inner_product_param { num_output: 2 }`;

/** What is wrong, inputs, the layer's fields, the error's code and a part of its message. */
export type ErrorCase = [string, readonly string[], string, string, RegExp];

/** Expects a layer to be refused, with its name and line. */
export function expectRefused([, inputs, layer, code, message]: ErrorCase): void {
  const error = layerErrorOf(inputs, layer);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  if (code.startsWith('weights/')) return;
  expect(error.message).toMatch(/^test\.prototxt:3:7: layer "l" \(\w+\): /);
}
