/**
 * The engine serves the command line too and names its flags. In the editor there are settings, buttons
 * and files instead: every message and note of the engine goes through here before it is shown.
 */

/** What is said in another way, in order; what leads nowhere in the editor is left out. */
const phrases: readonly (readonly [RegExp, string])[] = [
  // Which layers take part: their rules are named without the flags that meet them.
  [/ \((?:--(?:phase|stage|level)=[^\s)]*(?: (?=--))?)+\)/g, ''],
  [/; choose one with --net=1 to --net=\w+/g, '; choose one of them'],
  [/ \(--net=\w+\)/g, ''],
  // What is scored.
  [/(?:--score=(?:BLOB|<blob>))(?=, BLOB\[i\])/g, 'in the setting ristretto.scoreBy: BLOB'],
  [/--score=(?:BLOB|<blob>)/g, 'the setting ristretto.scoreBy'],
  // Data.
  [
    /, run in the folder it is relative to, or name that folder with --caffe_root/g,
    ', open the folder it is relative to, or name that folder in the setting ristretto.caffeRoot',
  ],
  [
    /: give the train_val definition with a data layer, images with --images=LIST, or numbers with --input .*$/g,
    ': open the train_val definition, which has a data layer, and choose Quantize or Score there (images ' +
      'for a deploy definition cannot be chosen in the editor yet)',
  ],
  [
    /: give a file for top "(.*)" with --input .*$/g,
    ': the editor cannot give it any; use a definition with a data layer that reads files',
  ],
  [
    /score the deploy definition with --input or --images/g,
    'use a definition whose data layer reads whole images',
  ],
  [/, or --resize\)/g, ')'],
  [/--calibration=test takes/g, '"test" in the setting ristretto.calibration takes'],
  [/ \(--calibration=test\)/g, ''],
  [/--iterations=(\d+) takes them all/g, '$1 iterations take them all'],
  // Files.
  [/; --force replaces it/g, '; choose another name'],
  [/--(?:model_quantized|output|report): /g, ''],
  // How it runs.
  [/mixed formats need --search=best/g, 'mixed formats need the best search'],
  [/are kept in .*: --resume goes on from there/g, 'are kept: Try Again goes on from there'],
  [/--resume: /g, ''],
  [/(?:; give the same ones, or|;) leave --resume out to start anew/g, ''],
  [/the --report file of a run that was cut off/g, 'the scores of a run that was cut off'],
];

/** What a flag is called in the editor where no phrase above says more. */
const names: Readonly<Record<string, string>> = {
  caffe_root: 'the setting ristretto.caffeRoot',
  calibration: 'the setting ristretto.calibration',
  gpu: 'the setting ristretto.executionProvider',
  provider: 'the setting ristretto.executionProvider',
  iterations: 'the number of iterations',
  error_margin: 'the error margin',
  trimming_mode: 'the trimming mode',
  search: 'the search',
  score: 'the setting ristretto.scoreBy',
  model: 'the net definition',
  weights: 'the weights',
  model_quantized: 'the output file',
  output: 'the output file',
  images: 'the list of images',
  input: 'the input',
};

/**
 * A message or a note of the engine in the words of the editor.
 *
 * @param code that of the failure, for those that are told in a sentence of the editor's own
 */
export function inEditorWords(message: string, code?: string): string {
  if (code === 'runtime/no-cuda') return noCuda(message);
  const said = phrases.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
  return withoutFlags(withScores(cudaNote(said)));
}

/** Outputs to score by are named; where they go is said once. */
function withScores(message: string): string {
  let found = false;
  const said = message.replace(/--score=([^\s,;)]*[^\s,;):.])/g, (_, blob: string) => {
    found = true;
    return `"${blob}"`;
  });
  return found ? `${said} (in the setting ristretto.scoreBy)` : said;
}

/** Whatever is left: flags of which no message below the command line speaks in the editor. */
function withoutFlags(message: string): string {
  return message.replace(
    /--([a-z][a-z_-]*)(?:=("[^"]*"|[^\s,;:)]+))?/g,
    (_, name: string, value: string | undefined) => {
      const words = names[name] ?? `the command line's option "${name}"`;
      return value === undefined ? words : `${words} (${value})`;
    },
  );
}

/** Why CUDA cannot be used, in one sentence; what to do about it has buttons. */
function noCuda(message: string): string {
  const platform = /has no CUDA provider for (\S+ \S+?):/.exec(message)?.[1];
  if (platform !== undefined) return `CUDA does not run on this system (${platform}).`;
  if (/CUDA provider is not installed/.test(message)) {
    return 'CUDA cannot be used: its provider is not installed.';
  }
  const missing = [
    ...message.matchAll(/(?:libraries are not found|not found): ([^()]*?)(?=\)|$)/g),
  ].map(([, libraries]) => libraries);
  if (missing.length > 0) {
    return `CUDA cannot be used: these libraries are missing: ${missing.join(', ')}.`;
  }
  const reason = /could not be used \((.*)\): install/.exec(message)?.[1] ?? message;
  return `CUDA cannot be used: ${reason.replaceAll('--', '')}`;
}

/** A run that was to choose by itself took the CPU, though there is something of CUDA. */
function cudaNote(message: string): string {
  const [, reason] = /^this runs on the CPU: (.*) to use CUDA$/.exec(message) ?? [];
  return reason === undefined ? message : `This runs on the CPU. ${noCuda(reason)}`;
}
