import { describe, expect, it } from 'vitest';
import { foldingRanges } from '../../../src/language/folding';
import { outline, type OutlineItem } from '../../../src/language/outline';
import { selectionRanges } from '../../../src/language/selection';
import { analysisOf, atCursor } from './support';

function show(items: readonly OutlineItem[], indent = ''): string[] {
  return items.flatMap(({ name, detail, kind, children }) => [
    `${indent}${kind} ${name}${detail === '' ? '' : ` (${detail})`}`,
    ...show(children, `${indent}  `),
  ]);
}

const outlineOf = (text: string): string[] => show(outline(analysisOf(text)));

describe('outline', () => {
  it('groups neighbouring layers by the start of their names', () => {
    const layer = (name: string, type: string): string =>
      `layer { name: "${name}" type: "${type}" top: "${name}" include { phase: TEST } }\n`;
    const text =
      'name: "net"\n' +
      layer('data', 'Input').replace('include { phase: TEST } ', '') +
      layer('conv1', 'Convolution') +
      layer('conv1/relu', 'ReLU') +
      layer('conv1_bn', 'BatchNorm') +
      layer('fc', 'InnerProduct') +
      layer('conv1_x', 'Split');
    expect(outlineOf(text)).toEqual([
      'layer data (Input)',
      'group conv1 (3 layers)',
      ...['conv1 (Convolution)', 'conv1/relu (ReLU)', 'conv1_bn (BatchNorm)'].map(
        (item) => `  layer ${item}`,
      ),
      'layer fc (InnerProduct)',
      'layer conv1_x (Split)',
    ]);
  });

  it('lists nothing before the layers but the inputs, which are layers as well', () => {
    const text =
      'name: "n" input: "a" input: "b" input_shape { dim: 1 } state { level: 1 } layer { name: "r" type: "ReLU" }';
    expect(outlineOf(text)).toEqual(['layer a (Input)', 'layer b (Input)', 'layer r (ReLU)']);
  });

  it('shows solvers, nets side by side, and old or unnamed layers', () => {
    expect(outlineOf('net: "a"\nbase_lr: 0.01\nnet_param { layer { name: "l" } }')).toEqual([
      'field net ("a")',
      'field base_lr (0.01)',
      'message net_param',
      '  layer l',
    ]);
    expect(
      outlineOf(
        'name: "a" layer { type: "ReLU" } name: "b" layers { layer { name: "c" type: "conv" } }',
      ),
    ).toEqual(['net a (1 layer)', '  layer ReLU', 'net b (1 layer)', '  layer c (Convolution)']);
  });

  it('selects the name of a layer', () => {
    const text = 'layer { type: "ReLU" name: "r" }';
    const [item] = outline(analysisOf(text));
    expect(text.slice(item?.selection.start, item?.selection.end)).toBe('"r"');
    expect(item?.range).toEqual({ start: 0, end: text.length });
  });
});

describe('foldingRanges', () => {
  const folds = (text: string): string[] => {
    const { source } = analysisOf(text);
    return foldingRanges(analysisOf(text)).map(
      ({ start, end, kind }) =>
        `${source.positionAt(start).line}-${source.positionAt(end).line} ${kind}`,
    );
  };

  it('leaves the line of the closing bracket in sight', () => {
    expect(folds('l {\n  a {\n    b: 1\n  }\n  c { d: 1 }\n}\n')).toEqual([
      '1-5 block',
      '2-3 block',
    ]);
    expect(folds('l {\n a: 1 }\n')).toEqual(['1-2 block']);
    expect(folds('l {\n}\nm: [\n1,\n2\n]')).toEqual(['3-5 block']);
  });

  it('folds comments and regions', () => {
    expect(folds('# a\n# b\na: 1 # c\n# d\n#region x\nb: 1\n # e\n # f\n#endregion\n')).toEqual([
      '1-2 comment',
      '5-9 region',
      '7-8 comment',
    ]);
  });

  it('folds what is not closed yet', () => {
    expect(folds('l {\n  a: 1\n')).toEqual(['1-2 block']);
  });
});

describe('selectionRanges', () => {
  it('grow from the string to the document', () => {
    const { analysis, offset } = atCursor('a: 1 l { n: "x|y" } ');
    const texts = selectionRanges(analysis, offset).map((r) => analysis.text.slice(r.start, r.end));
    expect(texts).toEqual([
      'xy',
      '"xy"',
      'n: "xy"',
      ' n: "xy" ',
      '{ n: "xy" }',
      'l { n: "xy" }',
      'a: 1 l { n: "xy" } ',
    ]);
  });
});
