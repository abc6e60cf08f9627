import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../../src/runtime/session';
import { runNet, weightsOf } from '../../../support/runModel';

/** Numbers in [0, 1), the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const tensor = (shape: number[], next: () => number): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
});

async function run(layer: string, inputs: Record<string, Tensor>): Promise<Tensor> {
  const prototxt = [
    ...Object.entries(inputs).map(
      ([name, { shape }]) =>
        `layer { name: "${name}" type: "Input" top: "${name}" input_param { shape { ` +
        `${shape.map((dim) => `dim: ${dim}`).join(' ')} } } }`,
    ),
    `layer { name: "l" ${Object.keys(inputs)
      .map((name) => `bottom: "${name}"`)
      .join(' ')} top: "y" ${layer} }`,
  ].join('\n');
  const y = (await runNet(prototxt, weightsOf({}), inputs)).get('y');
  if (y === undefined) throw new Error('there is no top');
  return y;
}

function expectClose(actual: Tensor, shape: number[], wanted: readonly number[]): void {
  expect(actual.shape).toEqual(shape);
  wanted.forEach((value, i) => expect(actual.data[i], `number ${i}`).toBeCloseTo(value, 4));
}

describe('regions', () => {
  const next = numbers(3);
  const [channels, height, width] = [8, 9, 11];
  const features = tensor([2, channels, height, width], () => next() - 0.5);
  const at = (n: number, c: number, y: number, x: number): number =>
    features.data[((n * channels + c) * height + y) * width + x] ?? NaN;
  const boxes = Array.from({ length: 12 }, (_, i) => {
    const [x, y] = [next() * 160, next() * 130];
    return [i % 2, x, y, x + next() * 60 - 4, y + next() * 60 - 4].map(Math.fround);
  });
  const regions: Tensor = { shape: [12, 5, 1, 1], data: Float32Array.from(boxes.flat()) };
  const scale = 0.0625;
  const limit = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

  it('ROIPooling takes the maximum of each bin, as Fast R-CNN does', async () => {
    const [ph, pw] = [3, 2];
    const wanted = boxes.flatMap(([n = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => {
      const [left, top] = [Math.round(x1 * scale), Math.round(y1 * scale)];
      const [right, bottom] = [Math.round(x2 * scale), Math.round(y2 * scale)];
      const [h, w] = [Math.max(bottom - top + 1, 1) / ph, Math.max(right - left + 1, 1) / pw];
      return Array.from({ length: channels }, (_, c) =>
        Array.from({ length: ph * pw }, (__, bin) => {
          const [i, j] = [Math.floor(bin / pw), bin % pw];
          let largest = -Infinity;
          const [y0, y9] = [Math.floor(i * h) + top, Math.ceil((i + 1) * h) + top];
          const [x0, x9] = [Math.floor(j * w) + left, Math.ceil((j + 1) * w) + left];
          for (let y = limit(y0, height); y < limit(y9, height); y++) {
            for (let x = limit(x0, width); x < limit(x9, width); x++) {
              largest = Math.max(largest, at(n, c, y, x));
            }
          }
          return largest === -Infinity ? 0 : largest;
        }),
      ).flat();
    });
    const top = await run(
      `type: "ROIPooling" roi_pooling_param { pooled_h: ${ph} pooled_w: ${pw} spatial_scale: ${scale} }`,
      { features, regions },
    );
    expectClose(top, [12, channels, ph, pw], wanted);
  });

  it('PSROIPooling takes the mean of each bin from its own channels, as R-FCN does', async () => {
    const [outputs, group] = [2, 2];
    const wanted = boxes.flatMap(([n = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => {
      const round = (x: number): number => Math.floor(x + 0.5);
      const [left, top] = [round(x1) * scale, round(y1) * scale];
      const [right, bottom] = [round(x2 + 1) * scale, round(y2 + 1) * scale];
      const [h, w] = [Math.max(bottom - top, 0.1) / group, Math.max(right - left, 0.1) / group];
      return Array.from({ length: outputs * group * group }, (_, channel) => {
        const [i, j] = [Math.floor(channel / group) % group, channel % group];
        const [y0, y9] = [Math.floor(i * h + top), Math.ceil((i + 1) * h + top)];
        const [x0, x9] = [Math.floor(j * w + left), Math.ceil((j + 1) * w + left)];
        let [sum, area] = [0, 0];
        for (let y = limit(y0, height); y < limit(y9, height); y++) {
          for (let x = limit(x0, width); x < limit(x9, width); x++) {
            sum += at(n, channel, y, x);
            area++;
          }
        }
        return area === 0 ? 0 : sum / area;
      });
    });
    const top = await run(
      `type: "PSROIPooling" psroi_pooling_param { output_dim: ${outputs} group_size: ${group} spatial_scale: ${scale} }`,
      { features, regions },
    );
    expectClose(top, [12, outputs, group, group], wanted);
  });
});

describe('Reorg', () => {
  /** Darknet's loop, which copies one way or the other. */
  function darknet(
    x: ArrayLike<number>,
    dims: number[],
    stride: number,
    reverse: boolean,
  ): number[] {
    const [batch = 1, c = 1, h = 1, w = 1] = dims;
    const out = new Array<number>(x.length);
    const inner = c / (stride * stride);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < c; k++) {
        for (let j = 0; j < h; j++) {
          for (let i = 0; i < w; i++) {
            const inIndex = i + w * (j + h * (k + c * b));
            const offset = Math.floor(k / inner);
            const w2 = i * stride + (offset % stride);
            const h2 = j * stride + Math.floor(offset / stride);
            const outIndex = w2 + w * stride * (h2 + h * stride * ((k % inner) + inner * b));
            if (reverse) out[outIndex] = x[inIndex] ?? NaN;
            else out[inIndex] = x[outIndex] ?? NaN;
          }
        }
      }
    }
    return out;
  }

  it.each([
    [false, [2, 8, 4, 6], [2, 32, 2, 3]],
    [true, [2, 8, 2, 3], [2, 2, 4, 6]],
  ])('with reverse: %s moves numbers as Darknet does', async (reverse, from, to) => {
    const next = numbers(5);
    const x = tensor(from, next);
    const y = await run(`type: "Reorg" reorg_param { stride: 2 reverse: ${reverse} }`, { x });
    expectClose(y, to, darknet(x.data, from, 2, reverse));
  });
});

describe('a net with Permute, Reshape and Flatten', () => {
  it('keeps its order', async () => {
    const y = await run('type: "Permute" permute_param { order: 0 order: 2 order: 3 order: 1 }', {
      x: { shape: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    });
    expect([...y.data]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});
