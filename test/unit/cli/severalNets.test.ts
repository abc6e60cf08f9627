import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workplace } from '../../support/cli';

const model = 'examples/mnist/nets.prototxt';
const weights = '--weights=examples/mnist/lenet.caffemodel';
let place: Workplace;
let lenet: string;
beforeAll(() => {
  place = new Workplace();
  lenet = readFileSync(place.path('examples/mnist/lenet_train_test.prototxt'), 'utf8');
  const other = 'name: "Other"\nlayer { name: "x" type: "Input" top: "x" }\n\n';
  writeFileSync(place.path(model), other + lenet);
});
afterAll(() => place.remove());

it('quantizes the net chosen and writes it alone', () => {
  const { code, stderr } = place.quantize({ model, net: '2' });
  expect(code, stderr).toBe(0);
  const written = readFileSync(place.path('out/quantized.prototxt'), 'utf8');
  expect(written.startsWith(lenet.slice(0, 500))).toBe(true);
  expect(written).not.toContain('Other');
});

it('scores and converts the net chosen', () => {
  for (const flags of [
    ['score', '--iterations=1'],
    ['convert', '--output=out/net.onnx'],
  ]) {
    const { code, stderr } = place.run(...flags, `--model=${model}`, weights, '--net=2');
    expect(code, stderr).toBe(0);
  }
});

it.each([
  [
    undefined,
    'this file defines 2 nets: "Other" (line 1), "LeNet" (line 12); choose one with --net=1',
  ],
  ['3', 'there is no net 3 in this file (--net=3), which defines 2'],
])('--net=%s is explained', (net, message) => {
  const { code, stderr } = place.quantize({ model, net });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(message);
});

it('--net=1 is the net of a file that defines one', () => {
  const { code, stderr } = place.quantize({ net: '1' });
  expect(code, stderr).toBe(0);
});
