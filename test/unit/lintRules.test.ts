import { builtinModules } from 'node:module';
import { build } from 'esbuild';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { bundleOptions, programs } from '../../esbuild.mjs';
import { repositoryRoot } from '../support/shared';

const eslint = new ESLint({ cwd: repositoryRoot });

/** Messages of the import rule for one line of code in a file of a room. */
async function complaints(file: string, code: string): Promise<number> {
  const [result] = await eslint.lintText(code, { filePath: file, warnIgnored: false });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId?.endsWith('no-restricted-imports'))
    .length;
}

describe('imports point one way', () => {
  it.each([
    ['src/prototxt/edit.ts', "import '../caffe/net';", 1],
    ['src/caffe/net.ts', "import '../onnx/graph';", 1],
    ['src/formats/grid.ts', "import '../caffe/schema';", 0],
    ['src/formats/grid.ts', "import '../onnx/graph';", 1],
    ['src/formats/grid.ts', "import '../prototxt/edit';", 1],
    ['src/caffe/net.ts', "import '../formats/formats';", 1],
    ['src/data/lmdb.ts', "import '../formats/formats';", 1],
    ['src/runtime/session.ts', "import '../formats/formats';", 1],
    ['src/onnx/quantizers.ts', "import '../formats/formats';", 0],
    ['src/onnx/layers/lrn.ts', "import '../../quantize/original/search';", 1],
    ['src/onnx/layers/lrn.ts', "import '../../data/lmdb';", 1],
    ['src/onnx/layers/lrn.ts', "import '../../caffe/net';", 0],
    ['src/quantize/original/search.ts', "import '../../runtime/session';", 1],
    ['src/engine/scoring/evaluator.ts', "import '../../cli/main';", 1],
    ['src/engine/scoring/evaluator.ts', "import '../../runtime/session';", 0],
    ['src/quantize/margin.ts', "import '../data/lmdb';", 1],
    ['src/quantize/margin.ts', "import '../onnx/graph';", 1],
    ['src/runtime/session.ts', "import '../quantize/margin';", 1],
    ['src/runtime/session.ts', "import '../data/lmdb';", 1],
    ['src/options/table.ts', "import '../quantize/margin';", 0],
    ['src/options/table.ts', "import '../engine/files/version';", 1],
    ['src/options/table.ts', "import '../runtime/provider';", 1],
    ['src/options/table.ts', "import '../cli/flags';", 1],
    ['src/options/table.ts', "import 'vscode';", 1],
    ['src/caffe/scoreBlob.ts', "import '../options/table';", 1],
    ['src/quantize/margin.ts', "import '../options/table';", 1],
    ['src/engine/files/outputFile.ts', "import '../../options/table';", 0],
    ['src/language/analysis.ts', "import '../options/table';", 1],
    ['src/extension/main.ts', "import '../options/table';", 0],
    ['src/base/reason.ts', "import '../prototxt/tree';", 1],
    ['src/engine/scoring/reuse.ts', "import '../search/searchRun';", 1],
    ['src/engine/inputs/netData.ts', "import '../jobs/scoreNet';", 1],
    ['src/engine/search/searchRun.ts', "import '../scoring/reuse';", 0],
    ['src/engine/files/version.ts', "import '../jobs/scoreNet';", 1],
    ['src/engine/jobs/scoreNet.ts', "import 'vscode';", 1],
    ['src/engine/jobs/scoreNet.ts', "import '../../runs/runStore';", 1],
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
    ['src/runs/runStore.ts', "import { scoreNet } from '../engine/jobs/scoreNet';", 1],
    ['src/runs/runStore.ts', "import type { ScoreResult } from '../engine/jobs/scoreNet';", 0],
    ['src/runs/view/scoreText.ts', "import { x } from '../../engine/search/searchRun';", 1],
    ['src/runs/runStore.ts', "import { writeOutput } from '../engine/files/outputFile';", 0],
    ['src/extension/main.ts', "import { runJob } from '../engine/process/client';", 0],
    ['src/extension/main.ts', "import '../engine/process/main';", 1],
    ['src/extension/main.ts', "import { session } from '../runtime/session';", 1],
    ['src/extension/main.ts', "import { hasCudaProvider } from '../runtime/provider';", 0],
    ['src/data/imageList.ts', "import { readFile } from 'node:fs/promises';", 1],
    ['src/caffe/net.ts', "import { readFileSync } from 'node:fs';", 1],
    ['src/engine/inputs/netData.ts', "import { createReadStream } from 'node:fs';", 1],
    ['src/engine/inputs/netData.ts', "import { existsSync } from 'node:fs';", 0],
    ['src/extension/main.ts', "import sharp from 'sharp';", 1],
  ])('%s: %s gives %i', async (file, code, expected) => {
    expect(await complaints(file, code)).toBe(expected);
  });
});

describe('number formats and modes are not told apart outside of their rooms', () => {
  const comparison = "export const isFixed = (f: { kind: string }) => f.kind === 'fixedPoint';";
  const choice = `export function f(kind: string) { switch (kind) { case 'float32': return 1; } return 2; }`;
  it.each([
    ['src/onnx/quantizers.ts', comparison, 1],
    ['src/runs/csv.ts', choice, 1],
    ['src/cli/quantizeCommand.ts', "export const f = (mode: string) => mode === 'mixed';", 1],
    ['src/quantize/costs.ts', "export const zero = { kind: 'float32' };", 0],
    ['src/formats/float32.ts', comparison, 0],
  ])('%s: %s gives %i', async (file, code, expected) => {
    const [result] = await eslint.lintText(code, { filePath: file, warnIgnored: false });
    const found = result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax');
    expect(found).toHaveLength(expected);
  });
});

it('bundles nothing native into what the extension host loads', async () => {
  const { metafile } = await build({
    ...bundleOptions({ extension: programs.extension }, 'dist'),
    absWorkingDir: repositoryRoot,
    write: false,
    metafile: true,
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  expect(outside).toContain('vscode');
  expect(outside).toContain('node:fs');
  const modules = outside.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
  expect([...new Set(modules)]).toEqual(['vscode']);
});
