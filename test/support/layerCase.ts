import { expect, it } from 'vitest';
import type { Shape } from '../../src/base/shape';
import { runNet, weightsOf } from './runModel';

/** Shape and row-major numbers. */
export type Blob = readonly [shape: Shape, data: readonly number[]];

/** A net of one layer with hand-computed tops. */
export interface LayerCase {
  readonly title: string;
  /** The layer's type. */
  readonly type: string;
  /** Its further fields. */
  readonly param?: string;
  readonly bottoms: readonly Blob[];
  readonly blobs?: readonly Blob[];
  readonly tops: readonly Blob[];
}

export const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Runs each case as a net of its own: prototxt to ONNX bytes to the runtime. */
export function testLayers(cases: readonly LayerCase[]): void {
  for (const { title, type, param = '', bottoms, blobs = [], tops } of cases) {
    it(`${type}: ${title}`, async () => {
      const inputs = bottoms.map(([shape], i) => ({ name: `x${i}`, shape }));
      const prototxt = [
        ...inputs.map(
          ({ name, shape }) =>
            `layer { name: "${name}" type: "Input" top: "${name}" ` +
            `input_param { shape { ${shape.map((d) => `dim: ${d}`).join(' ')} } } }`,
        ),
        `layer { name: "l" type: "${type}" ${inputs.map(({ name }) => `bottom: "${name}"`).join(' ')} ` +
          `${tops.map((_, i) => `top: "y${i}"`).join(' ')} ${param} }`,
      ].join('\n');
      const outputs = await runNet(
        prototxt,
        weightsOf({ l: blobs.map(([shape, data]) => ({ shape, data })) }),
        Object.fromEntries(
          bottoms.map(([shape, data], i) => [`x${i}`, { shape, data: Float32Array.from(data) }]),
        ),
      );
      tops.forEach(([shape, data], i) => {
        const top = outputs.get(`y${i}`);
        expect(top?.shape, `shape of y${i}`).toEqual(shape);
        expect(top?.data.length).toBe(data.length);
        data.forEach((wanted, at) => expect(top?.data[at]).toBeCloseTo(wanted, 5));
      });
    });
  }
}
