import { exportOnnx } from '../engine/exportOnnx';
import { formatShape } from '../caffe/matchWeights';
import type { Phase } from '../caffe/schema';
import type { Value } from '../onnx/graph';
import type { Command, CommandContext } from './command';
import { netFlag, readNetFlag } from './netFlag';

const phases: Readonly<Record<string, Phase>> = {
  TEST: 'TEST',
  TRAIN: 'TRAIN',
  test: 'TEST',
  train: 'TRAIN',
};

/** `ristretto convert`: a net as an ONNX file. */
export const convertCommand: Command = {
  name: 'convert',
  summary: 'write a net, float or quantized, as an ONNX file',
  flags: {
    model: { argument: 'FILE', required: true, help: 'the net definition (prototxt)' },
    weights: { argument: 'FILE', required: true, help: 'the trained weights (caffemodel)' },
    output: { argument: 'FILE', required: true, help: 'the .onnx file to write' },
    phase: { argument: 'PHASE', default: 'TEST', help: 'phase to convert: TEST or TRAIN' },
    net: netFlag,
    caffe_root: { argument: 'DIR', help: 'last folder to look for data sources in' },
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
        phase: flags.choice('phase', phases),
        caffeRoot: flags.optional('caffe_root'),
        cwd,
        force: flags.isSet('force'),
        signal,
      },
      () => undefined,
    );
    for (const note of result.notes) console.note(`note: ${note}`);
    console.print(`Wrote ${output} (${result.bytes} bytes)`);
    console.print(`inputs:  ${result.inputs.map(describeValue).join(', ')}`);
    console.print(`outputs: ${result.outputs.map(describeValue).join(', ')}`);
  },
};

function describeValue({ name, shape }: Value): string {
  return `${name} ${formatShape(shape)}`;
}
