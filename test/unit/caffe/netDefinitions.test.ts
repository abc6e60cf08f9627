import { describe, expect, it } from 'vitest';
import { netDefinitions, type NetDefinition } from '../../../src/caffe/netDefinitions';
import { SourceText } from '../../../src/prototxt/source';
import { hasShared, shared } from '../../support/shared';
import { readdirSync, readFileSync } from 'node:fs';

const of = (text: string): readonly NetDefinition[] => netDefinitions(new SourceText('', text));
const conv = 'layer { name: "c" type: "Convolution" }\n';
const relu = 'layer { name: "r" type: "ReLU" }\n';

describe('the nets a text defines', () => {
  it('one, with the comments around it', () => {
    const text = `# LeNet\n\nname: "LeNet"\n${conv}${relu}# end\n`;
    expect(of(text)).toEqual([
      {
        index: 0,
        name: 'LeNet',
        range: { start: 0, end: text.length },
        anchor: text.indexOf('name'),
        layers: 2,
        quantizable: true,
        quantized: false,
      },
    ]);
  });

  it('several: each begins at its name, comments before it included', () => {
    const a = `name: "A"\n${conv}`;
    const b = `# the second\nname: "B"\n${relu}`;
    const c = `name: "C" ${conv}  # end`;
    const text = `${a}\n \n${b}${c}`;
    const nets = of(text);
    expect(nets.map(({ name, layers }) => [name, layers])).toEqual([
      ['A', 1],
      ['B', 1],
      ['C', 1],
    ]);
    expect(nets.map(({ range }) => text.slice(range.start, range.end))).toEqual([a, b, c]);
    expect(nets.map(({ anchor }) => text.slice(anchor, anchor + 9))).toEqual([
      'name: "A"',
      'name: "B"',
      'name: "C"',
    ]);
    expect(nets.map(({ quantizable }) => quantizable)).toEqual([true, false, true]);
  });

  it('several on one line', () => {
    const text = `name: "A" layer { } name: "B" layer { }`;
    const ranges = of(text).map(({ range }) => text.slice(range.start, range.end));
    expect(ranges).toEqual(['name: "A" layer { } ', 'name: "B" layer { }']);
  });

  it('a name may come after the layers, or not at all', () => {
    expect(of(`${conv}name: "A"`)).toMatchObject([{ name: 'A', layers: 1 }]);
    expect(of(`\n${conv}`)).toMatchObject([{ name: '', anchor: 1 }]);
  });

  it.each([
    ['a solver', 'net: "train.prototxt"\nbase_lr: 0.01'],
    ['a fragment', 'convolution_param { num_output: 1 }'],
    ['nothing', ''],
    ['a comment', '# nothing'],
    ['a layer without a message', 'layer: 3'],
    ['a name alone', 'name: "A"'],
  ])('%s gives none', (_, text) => {
    expect(of(text)).toEqual([]);
  });

  it.each([
    ['Convolution', 'type: "Convolution"', true, false],
    ['InnerProduct', 'type: "InnerProduct"', true, false],
    ['ConvolutionRistretto', 'type: "ConvolutionRistretto"', false, true],
    ['FcRistretto', 'type: "FcRistretto"', false, true],
    ['V1', 'type: CONVOLUTION', true, false],
    ['V1 FC', 'type: INNER_PRODUCT', true, false],
    ['V0', 'layer { type: "conv" }', true, false],
    ['Pooling', 'type: "Pooling"', false, false],
    ['a type being typed', 'type:', false, false],
  ])('%s', (_, content, quantizable, quantized) => {
    expect(of(`layers { ${content} }`)).toMatchObject([{ quantizable, quantized, layers: 1 }]);
  });

  it('never throws while one types', () => {
    const text = `# head\nname: "A"\n${conv}name: "B"\n${relu}layers { layer { type: "conv" } }`;
    for (let length = 0; length <= text.length; length++) {
      for (const net of of(text.slice(0, length))) {
        expect(net.range.end).toBeLessThanOrEqual(length);
        expect(net.range.start).toBeLessThanOrEqual(net.anchor);
      }
    }
  });
});

const publicFiles = hasShared('data', 'nets') ? readdirSync(shared('data', 'nets')) : [];

describe.skipIf(publicFiles.length === 0)('public files', () => {
  it.each(publicFiles)('%s', (file) => {
    const text = readFileSync(shared('data', 'nets', file), 'utf8');
    const isSolver = /solver/.test(file) && !/^layer/m.test(text);
    expect(of(text)).toHaveLength(isSolver ? 0 : 1);
  });
});
