import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workplace } from '../../support/cli';

const model = 'examples/mnist/filled.prototxt';
const weights = '--weights=examples/mnist/lenet.caffemodel';
let place: Workplace;
let lenet: string;
beforeAll(() => {
  place = new Workplace();
  lenet = readFileSync(place.path('examples/mnist/lenet_train_test.prototxt'), 'utf8');
});
afterAll(() => place.remove());

/** The example with two layers more that the weights lack. */
function withExtras(filler: string): void {
  const extra = (name: string): string =>
    `layer { name: "${name}" type: "InnerProduct" bottom: "ip1" top: "${name}"\n` +
    `  inner_product_param { num_output: 1 weight_filler { ${filler} } bias_filler { value: 2 } } }\n`;
  writeFileSync(place.path(model), lenet + extra('one') + extra('two'));
}

it.each([
  ['score', '--iterations=1', '--score=accuracy'],
  ['convert', '--output=out/net.onnx'],
  [
    'quantize',
    '--iterations=1',
    '--score=accuracy',
    '--trimming_mode=minifloat',
    '--model_quantized=out/q.prototxt',
  ],
])('%s takes layers that the prototxt fills, and says so', (...flags) => {
  withExtras('value: 0');
  const { code, stdout, stderr } = place.run(...flags, `--model=${model}`, weights);
  expect(code, stderr).toBe(0);
  const line = lenet.split('\n').length;
  expect(stderr).toContain(
    `note: layers "one" (line ${line}), "two" (line ${line + 2}) are not in ` +
      'examples/mnist/lenet.caffemodel: the constant and bilinear fillers of the prototxt give the weights',
  );
  if (flags[0] === 'score') expect(stdout).toMatch(/^one: 100 values \(100x1\).*mean 2\b/m);
});

it.each(['score', 'convert', 'quantize'])('%s names all layers without weights', (command) => {
  withExtras('type: "xavier"');
  const output =
    command === 'convert'
      ? ['--output=out/none.onnx']
      : command === 'quantize'
        ? ['--trimming_mode=minifloat', '--model_quantized=out/none.prototxt', '--score=accuracy']
        : ['--score=accuracy'];
  const { code, stderr } = place.run(command, `--model=${model}`, weights, ...output);
  expect(code).toBe(1);
  expect(stderr).toMatch(/2 layers have no weights in this file: "one" \(line \d+\), "two" \(line/);
});
