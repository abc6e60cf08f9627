import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerTable } from '../../../src/onnx/layerTable';

const root = path.resolve(import.meta.dirname, '../../..');

describe('the table of layer types', () => {
  const table = layerTable();
  const entry = (type: string): (typeof table)[number] | undefined =>
    table.find((other) => other.type === type);

  it('lists each type once, in order', () => {
    const types = table.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toEqual([...types].sort((a, b) => a.localeCompare(b, 'en')));
    expect(types.length).toBeGreaterThan(55);
  });

  it('names the settings that count and no fillers or engines', () => {
    expect(entry('Concat')?.settings).toEqual(new Map([['concat_param', ['axis', 'concat_dim']]]));
    const convolution = entry('Convolution')?.settings.get('convolution_param');
    expect(convolution).toContain('dilation');
    expect(convolution).not.toContain('weight_filler');
    expect(convolution).not.toContain('engine');
    expect(entry('DummyData')?.settings.get('dummy_data_param')).toContain('data_filler');
  });

  it('has the quantized types with their settings', () => {
    for (const type of [
      'ConvolutionRistretto',
      'FcRistretto',
      'DeconvolutionRistretto',
      'LRNRistretto',
    ]) {
      expect(entry(type)?.settings.get('quantization_param'), type).toContain('bw_params');
    }
  });

  it('is the one that README.md and docs/layers.md show', () => {
    const check = ['scripts/writeLayerTable.mjs', '--check'];
    execFileSync(process.execPath, check, { cwd: root, stdio: 'pipe' });
  });
});
