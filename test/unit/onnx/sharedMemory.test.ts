import { describe, expect, it } from 'vitest';
import { runNet, weightsOf } from '../../support/runModel';

describe('blobs that are the same memory', () => {
  const input = { x: { shape: [1, 2], data: Float32Array.of(-1, 2) } };
  const net = (layers: string): string =>
    `layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }
     layer { name: "p" type: "Power" bottom: "x" top: "p" } ${layers}`;

  it('a layer in place on a reshaped blob changes the blob itself for later readers', async () => {
    const outputs = await runNet(
      net(`layer { name: "f" type: "Reshape" bottom: "p" top: "f" reshape_param { shape { dim: 2 } } }
           layer { name: "r" type: "ReLU" bottom: "f" top: "f" }
           layer { name: "w" type: "Power" bottom: "p" top: "w" power_param { scale: 10 } }`),
      weightsOf({}),
      input,
    );
    expect([...(outputs.get('w')?.data ?? [])]).toEqual([0, 20]);
    expect(outputs.get('f')?.shape).toEqual([2]);
  });

  it('a layer in place on a blob that others read works on a copy', async () => {
    const outputs = await runNet(
      net(`layer { name: "w" type: "Power" bottom: "p" top: "w" power_param { scale: 10 } }
           layer { name: "r" type: "ReLU" bottom: "p" top: "p" }
           layer { name: "v" type: "Power" bottom: "p" top: "v" power_param { scale: 10 } }`),
      weightsOf({}),
      input,
    );
    expect([...(outputs.get('w')?.data ?? [])]).toEqual([-10, 20]);
    expect([...(outputs.get('v')?.data ?? [])]).toEqual([0, 20]);
  });

  it('Eltwise SUM in place loses its first bottom, as in Caffe', async () => {
    const outputs = await runNet(
      net(`layer { name: "a" type: "Power" bottom: "x" top: "a" power_param { scale: 100 } }
           layer { name: "e" type: "Eltwise" bottom: "p" bottom: "a" top: "p" }`),
      weightsOf({}),
      input,
    );
    expect([...(outputs.get('p')?.data ?? [])]).toEqual([-100, 200]);
  });
});
