import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/shared';

const eslint = new ESLint({ cwd: repositoryRoot });

/** Messages of the import rule for one line of code in a file of a room. */
async function complaints(file: string, code: string): Promise<number> {
  const [result] = await eslint.lintText(code, { filePath: file, warnIgnored: false });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === 'no-restricted-imports').length;
}

describe('imports point one way', () => {
  it.each([
    ['src/prototxt/edit.ts', "import '../caffe/net';", 1],
    ['src/caffe/net.ts', "import '../onnx/graph';", 1],
    ['src/onnx/layers/lrn.ts', "import '../../quantize/original/search';", 1],
    ['src/onnx/layers/lrn.ts', "import '../../data/lmdb';", 1],
    ['src/onnx/layers/lrn.ts', "import '../../caffe/net';", 0],
    ['src/quantize/original/search.ts', "import '../../runtime/session';", 1],
    ['src/engine/scoring/evaluator.ts', "import '../../cli/main';", 1],
    ['src/engine/scoring/evaluator.ts', "import '../../runtime/session';", 0],
    ['src/cli/main.ts', "import 'vscode';", 1],
    ['src/language/analysis.ts', "import 'vscode';", 1],
    ['src/language/analysis.ts', "import '../onnx/registry';", 0],
    ['src/language/analysis.ts', "import '../quantize/original/search';", 1],
    ['src/language/analysis.ts', "import './vscode/register';", 1],
    ['src/language/diagnostics/wiring.ts', "import '../vscode/register';", 1],
    ['src/language/vscode/register.ts', "import 'vscode';", 0],
    ['src/language/vscode/register.ts', "import '../../runs/runStore';", 1],
    ['src/extension/main.ts', "import '../language/vscode/register';", 0],
    ['src/runs/runStore.ts', "import '../language/analysis';", 1],
  ])('%s: %s gives %i', async (file, code, expected) => {
    expect(await complaints(file, code)).toBe(expected);
  });
});
