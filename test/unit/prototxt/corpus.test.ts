import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NetParameter } from '../../../src/caffe/schema';
import type { Diagnostic } from '../../../src/prototxt/diagnostic';
import { bindText, parseText, places, shared } from './support';

const nets = new URL('data/nets/', shared);
const layers = new URL('reference/layers/', shared);

function listNets(): URL[] {
  const names = existsSync(nets) ? readdirSync(nets) : [];
  return names.filter((name) => name.endsWith('.prototxt')).map((name) => new URL(name, nets));
}

function listLayers(): URL[] {
  const names = existsSync(layers) ? readdirSync(layers) : [];
  return names.map((name) => new URL(`${name}/net.prototxt`, layers)).filter(existsSync);
}

function findErrors(url: URL): string[] {
  const text = readFileSync(url, 'utf8');
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error';
  const type = /solver/.test(url.pathname.replace(/.*\//, '')) ? 'SolverParameter' : 'NetParameter';
  return [
    ...places(text, parseText(text).diagnostics.filter(isError)),
    ...places(text, bindText(text, type).diagnostics.filter(isError)),
  ];
}

describe.skipIf(!existsSync(nets))('public nets (skipped without ../shared/data/nets)', () => {
  it.each(listNets().map((url) => [url.pathname.replace(/.*\//, ''), url] as const))(
    '%s has no errors',
    (_, url) => {
      expect(findErrors(url)).toEqual([]);
    },
  );

  it('has many of them', () => {
    expect(listNets().length).toBeGreaterThan(60);
  });

  it('reads 20,000 lines in much less than a second', () => {
    const isNet = (url: URL): boolean => !url.pathname.includes('solver');
    const text = listNets()
      .filter(isNet)
      .map((url) => readFileSync(url, 'utf8'))
      .join('\n')
      .split('\n')
      .slice(0, 20_000)
      .join('\n');
    bindText(text, 'NetParameter');
    const start = performance.now();
    bindText(text, 'NetParameter');
    // Some 50 ms where measured; the limit only catches work that grows faster than the text.
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe.skipIf(!existsSync(layers))('reference layers (skipped without ../shared)', () => {
  it('have no errors', () => {
    const found = listLayers().map((url) => [url.pathname, findErrors(url)] as const);
    expect(found.filter(([, errors]) => errors.length > 0)).toEqual([]);
  });

  it('include one with all of the syntax', () => {
    const text = readFileSync(new URL('prototxt-syntax/net.prototxt', layers), 'utf8');
    const { message, diagnostics } = bindText<NetParameter>(text, 'NetParameter');
    expect([...parseText(text).diagnostics, ...diagnostics]).toEqual([]);
    const [data, pool, power, relu, convolution] = message.layer;
    expect(data).toMatchObject({ name: 'data', type: 'Input', top: ['data'] });
    expect(data?.input_param?.shape[0]?.dim).toEqual([2, 3, 6, 6]);
    expect(pool?.pooling_param).toMatchObject({ pool: 'AVE', kernel_size: 3, stride: 2 });
    expect(power?.power_param).toMatchObject({ scale: 2.5, shift: Math.fround(-0.1), power: 1 });
    expect(relu).toMatchObject({ name: 'relu', include: [{ phase: 'TEST' }, { phase: 'TRAIN' }] });
    expect(convolution?.convolution_param?.bias_term).toBe(false);
  });
});
