import { describe, expect, it } from 'vitest';
import type {
  ConvolutionParameter,
  LayerParameter,
  NetParameter,
  PoolingParameter,
  SolverParameter,
  TransformationParameter,
} from '../../../src/caffe/schema';
import { isSet } from '../../../src/prototxt/bind';
import { SourceText } from '../../../src/prototxt/source';
import { bindText, places } from './support';

describe('bindMessage', () => {
  it('reads unset fields as their defaults', () => {
    const { message, diagnostics } = bindText<PoolingParameter>(
      'kernel_size: 3',
      'PoolingParameter',
    );
    expect(diagnostics).toEqual([]);
    expect(message.kernel_size).toBe(3);
    expect(message.pool).toBe('MAX');
    expect(message.stride).toBe(1);
    expect(message.global_pooling).toBe(false);
    expect(message.round_mode).toBe('CEIL');
    expect(message.kernel_h).toBe(0);
    expect(isSet(message, 'kernel_size')).toBe(true);
    expect(isSet(message, 'kernel_h')).toBe(false);
    expect(Object.hasOwn(message, 'stride')).toBe(false);
    expect(Object.keys(message)).toEqual(['kernel_size']);
  });

  it('has a value that equals the default as set', () => {
    const { message } = bindText<PoolingParameter>('stride: 1 pool: MAX', 'PoolingParameter');
    expect(isSet(message, 'stride')).toBe(true);
    expect(isSet(message, 'pool')).toBe(true);
  });

  it('has absent messages undefined and absent repeated fields empty and frozen', () => {
    const { message } = bindText<LayerParameter>('name: "a"', 'LayerParameter');
    expect(message.convolution_param).toBeUndefined();
    expect(message.bottom).toEqual([]);
    expect(Object.isFrozen(message.bottom)).toBe(true);
    const other = bindText<LayerParameter>('bottom: "x"', 'LayerParameter').message;
    expect(other.bottom).toEqual(['x']);
    expect(message.bottom).toEqual([]);
    expect(message.phase).toBe('TRAIN');
  });

  it('holds floats in 32 bits, defaults too, as Caffe does', () => {
    const text = 'base_lr: 0.1';
    const { message } = bindText<SolverParameter>(text, 'SolverParameter');
    expect(message.base_lr).toBe(Math.fround(0.1));
    expect(message.delta).toBe(Math.fround(1e-8));
    expect(message.random_seed).toBe(-1);
    const blob = bindText<{ double_data: number[] }>('double_data: 0.1', 'BlobProto').message;
    expect(blob.double_data).toEqual([0.1]);
  });

  it('collects repeated fields from lists and repetitions', () => {
    const text = 'kernel_size: 3 kernel_size: [5, 7] kernel_size: []';
    const { message } = bindText<ConvolutionParameter>(text, 'ConvolutionParameter');
    expect(message.kernel_size).toEqual([3, 5, 7]);
  });

  it.each<[string, string, unknown]>([
    ['FillerParameter', 'value: 0x10', 16],
    ['FillerParameter', 'value: 010', 8],
    ['FillerParameter', 'value: -0x10', -16],
    ['FillerParameter', 'value: 1.5f', 1.5],
    ['FillerParameter', 'value: - 2.', -2],
    ['FillerParameter', 'value: inf', Infinity],
    ['FillerParameter', 'value: -Infinity', -Infinity],
    ['FillerParameter', 'value: nan', NaN],
    ['FillerParameter', 'value: 1e40', Infinity],
    ['FillerParameter', 'value: 99999999999999999999999', Math.fround(1e23)],
    ['TransformationParameter', 'crop_size: 0x1F', 31],
    ['TransformationParameter', 'crop_size: 017', 15],
    ['TransformationParameter', 'crop_size: 4294967295', 4294967295],
    ['TransformationParameter', 'mirror: true', true],
    ['TransformationParameter', 'mirror: True', true],
    ['TransformationParameter', 'mirror: t', true],
    ['TransformationParameter', 'mirror: 1', true],
    ['TransformationParameter', 'mirror: 0x1', true],
    ['TransformationParameter', 'mirror: 01', true],
    ['TransformationParameter', 'mirror: false', false],
    ['TransformationParameter', 'mirror: False', false],
    ['TransformationParameter', 'mirror: f', false],
    ['TransformationParameter', 'mirror: 0', false],
    ['ConcatParameter', 'axis: -2147483648', -2147483648],
    ['ConcatParameter', 'axis: - 1', -1],
    ['SolverParameter', 'random_seed: 1701', 1701],
    ['SolverParameter', 'random_seed: -9223372036854775808', -(2 ** 63)],
    ['PoolingParameter', 'pool: AVE', 'AVE'],
    ['PoolingParameter', 'pool: 1', 'AVE'],
    ['PoolingParameter', 'pool: 0x2', 'STOCHASTIC'],
    ['Datum', `data: "\\xff\\x00"`, Uint8Array.of(255, 0)],
    ['LayerParameter', `name: 'a' "b"`, 'ab'],
  ])('%s { %s }', (type, text, expected) => {
    const { message, diagnostics } = bindText<Record<string, unknown>>(text, type);
    expect(diagnostics).toEqual([]);
    expect(Object.values(message)).toEqual([expected]);
  });

  it.each<[string, string, string]>([
    ['ConvolutionParameter', 'num_output: 1.0', '1:13 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: 1f', '1:13 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: 1e3', '1:13 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: "20"', '1:13 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: many', '1:13 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: -1', '1:13 schema/out-of-range'],
    ['ConvolutionParameter', 'num_output: 4294967296', '1:13 schema/out-of-range'],
    ['ConvolutionParameter', 'axis: 2147483648', '1:7 schema/out-of-range'],
    ['ConvolutionParameter', 'axis: -2147483649', '1:7 schema/out-of-range'],
    ['SolverParameter', 'random_seed: 9223372036854775808', '1:14 schema/out-of-range'],
    ['ConvolutionParameter', 'num_output { }', '1:12 schema/wrong-type'],
    ['ConvolutionParameter', 'weight_filler: 3', '1:16 schema/wrong-type'],
    ['ConvolutionParameter', 'bias_term: 2', '1:12 schema/wrong-type'],
    ['ConvolutionParameter', 'bias_term: TRUE', '1:12 schema/wrong-type'],
    ['ConvolutionParameter', 'num_output: 1 num_output: 1', '1:15 schema/duplicate-field'],
    ['ConvolutionParameter', 'num_output: [1]', '1:13 schema/not-repeated'],
    ['ConvolutionParameter', 'kernel_size: [1, x, 3]', '1:18 schema/wrong-type'],
    ['LayerParameter', 'name: abc', '1:7 schema/wrong-type'],
    ['LayerParameter', 'phase: "TEST"', '1:8 schema/wrong-type'],
    ['LayerParameter', 'phase: TESTING', '1:8 schema/unknown-enum-value'],
    ['LayerParameter', 'phase: 5', '1:8 schema/unknown-enum-value'],
    ['LayerParameter', 'phase: -1', '1:8 schema/unknown-enum-value'],
    ['LayerParameter', 'phase: 1.0', '1:8 schema/wrong-type'],
    ['LayerParameter', 'loss_weight: inff', '1:14 schema/wrong-type'],
    ['LayerParameter', 'loss_weight: -t', '1:14 schema/wrong-type'],
    ['LayerParameter', 'clip_param { min: 1 }', '1:12 schema/missing-required'],
    ['ClipParameter', 'max: 1', '1:1 schema/missing-required'],
    ['LayerParameter', 'clip_param { min: 1 max: "a" }', '1:26 schema/wrong-type'],
  ])('%s { %s } is an error', (type, text, place) => {
    const { diagnostics } = bindText(text, type);
    expect(places(text, diagnostics)).toEqual([place]);
    expect(diagnostics[0]?.severity).toBe('error');
  });

  it('says what is wrong in plain words', () => {
    const first = (text: string, type: string): string | undefined =>
      bindText(text, type).diagnostics[0]?.message;
    expect(first('num_output: "20"', 'ConvolutionParameter')).toBe(
      `Expected an integer for 'num_output', found "20"`,
    );
    expect(first('pool: MX', 'PoolingParameter')).toBe(
      `Unknown value 'MX' for 'pool': did you mean 'MAX'?`,
    );
    expect(first('pool: MEDIAN', 'PoolingParameter')).toBe(
      `Unknown value 'MEDIAN' for 'pool': expected MAX, AVE, STOCHASTIC`,
    );
    expect(first('pad: -1', 'PoolingParameter')).toBe(
      `'pad' must be from 0 to 4294967295, found -1`,
    );
    expect(first('min: 1', 'ClipParameter')).toBe(`ClipParameter needs a value for 'max'`);
  });

  it('does not report twice what the parser has reported', () => {
    expect(
      bindText('axis: 1.2.3 [x.y]: 1 num_output:', 'ConvolutionParameter').diagnostics,
    ).toEqual([]);
  });

  it('keeps the last of scalars given twice', () => {
    const { message } = bindText<LayerParameter>('name: "a" name: "b"', 'LayerParameter');
    expect(message.name).toBe('b');
  });

  it('merges a message given twice, with a warning', () => {
    const text = 'pooling_param { pool: AVE }\npooling_param { stride: 2 }';
    const { message, diagnostics, nodes } = bindText<LayerParameter>(text, 'LayerParameter');
    expect(places(text, diagnostics)).toEqual(['2:1 schema/duplicate-field']);
    expect(diagnostics[0]?.severity).toBe('warning');
    const pooling = message.pooling_param;
    expect(pooling).toMatchObject({ pool: 'AVE', stride: 2 });
    expect(nodes.fieldNode(pooling ?? {}, 'pool')?.range.start).toBe(text.indexOf('pool: AVE'));
    expect(nodes.messageNode(pooling ?? {})?.open).toBe(text.lastIndexOf('{'));
  });

  it('finds required fields in any part of a merged message', () => {
    const { diagnostics } = bindText(
      'clip_param { min: 1 } clip_param { max: 2 }',
      'LayerParameter',
    );
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it.each<[string, string, string]>([
    ['ConvolutionParameter', 'kernal_size: 3', "; did you mean 'kernel_size'?"],
    ['ConvolutionParameter', 'kernelsize: 3', "; did you mean 'kernel_size'?"],
    ['LayerParameter', 'Name: "a"', "; did you mean 'name'?"],
    ['LayerParameter', 'focal_param { gamma: [0, 2] }', ''],
    ['PoolingParameter', 'count_pad: false', ''],
    ['LayerParameter', '__proto__: 1 ', ''],
  ])('warns of the unknown field in %s { %s }', (type, text, hint) => {
    const { message, diagnostics } = bindText(text, type);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.severity).toBe('warning');
    expect(diagnostics[0]?.code).toBe('schema/unknown-field');
    const name = /^\w+/.exec(text)?.[0] ?? '';
    expect(diagnostics[0]?.message).toBe(`Unknown field '${name}' in ${type}: ignored${hint}`);
    expect(diagnostics[0]?.range).toEqual({ start: 0, end: name.length });
    expect(Object.keys(message)).toEqual([]);
  });

  it('gives places in file order', () => {
    const text = 'layer { clip_param {} }\nlayer { nam: "x" phase: 7 }\nlayer { name: 1 }';
    expect(places(text, bindText(text, 'NetParameter').diagnostics)).toEqual([
      '1:20 schema/missing-required',
      '1:20 schema/missing-required',
      '2:9 schema/unknown-field',
      '2:25 schema/unknown-enum-value',
      '3:15 schema/wrong-type',
    ]);
  });

  it('tells where a bound message and its fields stand', () => {
    const text = 'name: "n"\nlayer {\n  name: "a"\n  bottom: "x"\n  bottom: ["y", "z"]\n}\n';
    const { message, nodes } = bindText<NetParameter>(text, 'NetParameter');
    const source = new SourceText('net.prototxt', text);
    const layer = message.layer[0] ?? {};
    const at = (offset: number | undefined): string => {
      const { line, column } = source.positionAt(offset ?? -1);
      return `${line}:${column}`;
    };
    expect(at(nodes.messageNode(layer)?.range.start)).toBe('2:7');
    expect(at(nodes.fieldNode(layer, 'name')?.range.start)).toBe('3:3');
    expect(at(nodes.fieldNode(layer, 'bottom')?.range.start)).toBe('5:3');
    expect(at(nodes.valueNode(layer, 'bottom', 0)?.range.start)).toBe('4:11');
    expect(at(nodes.valueNode(layer, 'bottom', 2)?.range.start)).toBe('5:17');
    expect(nodes.fieldNode(layer, 'type')).toBeUndefined();
    expect(nodes.messageNode({})).toBeUndefined();
    expect(nodes.fieldNodes(message, 'layer')).toHaveLength(1);
  });

  it('refuses a message that the schema does not have', () => {
    expect(() => bindText('', 'NoSuchParameter')).toThrow('NoSuchParameter');
  });

  it('keeps what fits where something else does not', () => {
    const text = 'mirror: maybe crop_size: 4 mean_value: [1, a, 3]';
    const { message } = bindText<TransformationParameter>(text, 'TransformationParameter');
    expect(message).toMatchObject({ crop_size: 4, mean_value: [1, 3] });
    expect(isSet(message, 'mirror')).toBe(false);
  });
});
