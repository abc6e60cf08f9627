import { inFlags } from './flagWords';
import { tellTo } from '../engine/files/events';
import { exportOnnx } from '../engine/jobs/exportOnnx';
import { formatBytes } from '../base/amounts';
import { formatShape } from '../base/shape';
import { batchDimension, type Value } from '../onnx/graph';
import type { Command } from './command';

/** `ristretto convert`: a net as an ONNX file. */
export const convertCommand: Command<'convert'> = {
  name: 'convert',
  summary: 'write a net, float or quantized, as an ONNX file',

  async run({ options, console, cwd, signal }): Promise<void> {
    const { output } = options;
    const result = await exportOnnx(
      { ...options, cwd, signal },
      tellTo({
        progress: (progress) => console.progress(progress),
        note: (text) => console.note(`note: ${inFlags(text)}`),
      }),
    );
    console.endProgress();
    const files = result.dataFile === undefined ? output : `${output} and ${result.dataFile}`;
    console.print(`Wrote ${files} (${formatBytes(result.bytes)})`);
    console.print(`inputs:  ${result.inputs.map(describeValue).join(', ')}`);
    console.print(`outputs: ${result.outputs.map(describeValue).join(', ')}`);
    if (result.dynamicBatch) console.print('N is any number of images');
  },
};

function describeValue({ name, shape }: Value): string {
  if (shape.length === 0) return `${name} ${formatShape(shape)}`;
  const dims = shape.map((dim) => (dim === batchDimension ? 'N' : dim < 0 ? '?' : String(dim)));
  return `${name} ${dims.join('x')}`;
}
