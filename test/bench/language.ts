import { performance } from 'node:perf_hooks';
import { Analysis } from '../../src/language/analysis';
import { diagnose } from '../../src/language/diagnostics/diagnose';
import { DiagnosticList } from '../../src/prototxt/diagnostic';
import { formatDocument } from '../../src/prototxt/format';
import { parsePrototxt } from '../../src/prototxt/parse';
import { SourceText } from '../../src/prototxt/source';
import { tokenize } from '../../src/prototxt/tokens';

/** Medians over many versions of one net, each a keystroke later. Milliseconds. */
export interface LanguageResult {
  readonly lines: number;
  readonly tokenizeMs: number;
  readonly parseMs: number;
  readonly parseMsPerKiloLine: number;
  /** Tokens, tree, binding, shapes in every state and all diagnostics. */
  readonly analyseMs: number;
  readonly analyseRatio: number;
  readonly formatMs: number;
}

const rounds = 40;

/** Times what the editor does after each keystroke in a deep net of 5,000 lines. */
export function benchLanguage(): LanguageResult {
  const text = deepNet(5000);
  const times = { tokenize: [], parse: [], analyse: [], format: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round++) {
    // The digits of one num_output change, so that no version was seen before.
    const typed = text.replace('num_output: 64', `num_output: ${100 + round}`);
    const source = new SourceText('net.prototxt', typed);
    const measure = (name: string, action: () => unknown): void => {
      const start = performance.now();
      action();
      times[name]?.push(performance.now() - start);
    };
    measure('tokenize', () => tokenize(typed, new DiagnosticList()));
    measure('parse', () => parsePrototxt(source));
    measure('analyse', () => diagnose(new Analysis(source)));
    measure('format', () => formatDocument(source));
  }
  const lines = text.split('\n').length - 1;
  const [tokenizeMs, parseMs] = [median(times['tokenize']), median(times['parse'])];
  const [analyseMs, formatMs] = [median(times['analyse']), median(times['format'])];
  const parseMsPerKiloLine = (1000 * parseMs) / lines;
  const analyseRatio = analyseMs / tokenizeMs;
  return { lines, tokenizeMs, parseMs, parseMsPerKiloLine, analyseMs, analyseRatio, formatMs };
}

function median(values: readonly number[] = []): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** Blocks of convolution, normalization and activation, each layer laid out over several lines. */
function deepNet(lines: number): string {
  const parts = [
    'name: "deep"\nlayer {\n  name: "data"\n  type: "Input"\n  top: "data"\n' +
      '  input_param { shape { dim: 1 dim: 3 dim: 64 dim: 64 } }\n}\n',
  ];
  const blockLines = 30;
  for (let block = 0; block < (lines - 7) / blockLines; block++) {
    const [bottom, top] = [block === 0 ? 'data' : `conv${block - 1}`, `conv${block}`];
    const layer = (name: string, type: string, from: string, param: string): string =>
      `layer {\n  name: "${name}"\n  type: "${type}"\n  bottom: "${from}"\n  top: "${top}"\n${param}}\n`;
    parts.push(
      layer(
        top,
        'Convolution',
        bottom,
        '  convolution_param {\n    num_output: 64\n    kernel_size: 3\n    pad: 1\n  }\n',
      ),
      layer(`bn${block}`, 'BatchNorm', top, ''),
      layer(`scale${block}`, 'Scale', top, '  scale_param { bias_term: true }\n'),
      layer(`relu${block}`, 'ReLU', top, ''),
    );
  }
  return parts.join('');
}
