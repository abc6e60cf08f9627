import { tellTo } from '../engine/files/events';
import { exportOnnx } from '../engine/jobs/exportOnnx';
import { formatBytes } from '../base/amounts';
import { formatShape } from '../base/shape';
import { batchDimension, type Value } from '../onnx/graph';
import type { Command, CommandContext } from './command';
import { netFlag, readNetFlag } from './netFlag';
import { phaseFlag, readPhaseFlag, readStateFlags, stateFlags } from './stateFlags';

/** `ristretto convert`: a net as an ONNX file. */
export const convertCommand: Command = {
  name: 'convert',
  summary: 'write a net, float or quantized, as an ONNX file',
  flags: {
    model: { argument: 'FILE', required: true, help: 'the net definition (prototxt)' },
    weights: { argument: 'FILE', required: true, help: 'the trained weights (caffemodel)' },
    output: { argument: 'FILE', required: true, help: 'the .onnx file to write' },
    phase: phaseFlag('convert'),
    ...stateFlags,
    net: netFlag,
    caffe_root: { argument: 'DIR', help: 'last folder to look for data sources in' },
    external_data: { help: 'write the weights to a file of their own, OUTPUT.data' },
    force: { help: 'replace an output file that no earlier run made' },
  },

  async run({ flags, console, cwd, signal }: CommandContext): Promise<void> {
    const output = flags.text('output');
    const result = await exportOnnx(
      {
        model: flags.text('model'),
        netIndex: readNetFlag(flags),
        weights: flags.text('weights'),
        output,
        phase: readPhaseFlag(flags),
        ...readStateFlags(flags),
        caffeRoot: flags.optional('caffe_root'),
        cwd,
        force: flags.isSet('force'),
        externalData: flags.isSet('external_data'),
        signal,
      },
      tellTo({
        progress: (progress) => console.progress(progress),
        note: (text) => console.note(`note: ${text}`),
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
