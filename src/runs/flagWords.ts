/** What the command line's flags are called in the editor. */
const settings: Readonly<Record<string, string>> = {
  caffe_root: 'the setting ristretto.caffeRoot',
  calibration: 'the setting ristretto.calibration',
  gpu: 'the execution provider CUDA',
  provider: 'the setting ristretto.executionProvider',
  iterations: 'the number of iterations',
  error_margin: 'the error margin',
  model: 'the net definition',
  weights: 'the weights',
  model_quantized: 'the output file',
  output: 'the output file',
};

/** A message of the engine, which speaks of flags, in the words of the editor. */
export function inEditorWords(message: string): string {
  return message.replace(/--([a-z_]+)(=([\w.<>-]+))?/g, (flag, name: string, _: string, value) => {
    const words = settings[name];
    if (words === undefined) return flag;
    return typeof value === 'string' && words.startsWith('the setting')
      ? `${words}: ${value}`
      : words;
  });
}
