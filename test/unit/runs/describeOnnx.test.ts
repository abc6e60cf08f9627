import { expect, it } from 'vitest';
import { describeOnnx } from '../../../src/runs/view/describeOnnx';

it('an ONNX file is told with its size, a quantized one with why it is not smaller', () => {
  expect(describeOnnx({ bytes: 1_724_000, isSimulation: false })).toBe('1.72 MB');
  expect(describeOnnx({ bytes: 1_724_000, isSimulation: true })).toBe(
    '1.72 MB: quantized numbers are simulated in float32, so it is as large as the float net',
  );
});
