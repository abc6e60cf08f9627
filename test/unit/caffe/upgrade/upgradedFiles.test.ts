import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNetFile, type NetFile } from '../../../../src/caffe/netFile';
import { netDefinitions } from '../../../../src/caffe/netDefinitions';
import { float32 } from '../../../../src/formats/float32';
import { v1Types } from '../../../../src/caffe/upgrade/oldTypes';
import { parsePrototxt } from '../../../../src/prototxt/parse';
import { SourceText } from '../../../../src/prototxt/source';
import { applyEdits, type TextEdit } from '../../../../src/prototxt/textEdit';
import type { FieldNode } from '../../../../src/prototxt/tree';
import { rewritePrototxt } from '../../../../src/quantize/rewritePrototxt';
import { findLayer } from '../../../../src/runs/findLayer';
import { hasShared, shared } from '../../../support/shared';

const read = (text: string, netIndex?: number): NetFile =>
  parseNetFile(new SourceText('old.prototxt', text), { netIndex });

const format = { kind: 'fixedPoint', bits: 8, fractionalLength: 4 } as const;
const formats = { input: format, output: format, weights: format, bias: float32 };

describe('a quantized file', () => {
  const v0 =
    'name: "a" # V0\nlayers {\n  layer { name: "c" type: "conv"\n    num_output: 1 }\n  top: "c" }\n';
  const v1 = 'name: "b" # V1\nlayers {\n  name: "c"\n  type: CONVOLUTION\n  top: "c"\n}\n';

  it.each([
    [
      'V0',
      v0,
      'layer {\n  name: "c" type: "ConvolutionRistretto"\n    convolution_param { num_output: 1 }\n  top: "c"\n',
    ],
    [
      'V1',
      v1,
      'layer {\n  name: "c"\n  type: "ConvolutionRistretto"\n  top: "c"\n  quantization_param {',
    ],
  ])('of a %s net is of the present form', (_, text, part) => {
    const written = rewritePrototxt(read(text), new Map([['c', formats]]));
    expect(written).toContain(part);
    const again = read(written);
    expect(again.warnings).toEqual([]);
    expect(again.bound.message.layer[0]).toMatchObject({
      name: 'c',
      type: 'ConvolutionRistretto',
      quantization_param: { bw_params: 8, fl_params: 4 },
    });
  });

  it('of one of several nets in a file holds that net alone', () => {
    const file = read(v1 + v0 + v1, 1);
    expect(file.warnings[0]?.message).toContain('V0 form');
    expect(file.source.positionAt(file.warnings[0]?.range.start ?? 0).line).toBe(8);
    const written = rewritePrototxt(file, new Map());
    expect(written).toBe(
      'name: "a" # V0\nlayer {\n  name: "c" type: "Convolution"\n    convolution_param { num_output: 1 }\n  top: "c" }\n',
    );
    expect(rewritePrototxt(read(v0 + v1, 1), new Map())).toBe(
      v1.replace('layers', 'layer').replace('CONVOLUTION', '"Convolution"'),
    );
  });

  it.each([
    ['V0', v0],
    ['V1', v1],
  ])('the editor finds nets and layers of a %s file', (_, text) => {
    const [net] = netDefinitions(new SourceText('', text));
    expect(net).toMatchObject({ layers: 1, quantizable: true, quantized: false });
    const range = findLayer(text, 0, 'c');
    expect(text.slice(range?.start, range?.end)).toMatch(/^layers \{[^]*\}$/);
    expect(findLayer(text, 0, 'd')).toBeUndefined();
  });
});

/** A public net in the V1 form, where that can say the same; undefined elsewhere. */
function inV1(text: string): string | undefined {
  const { root } = parsePrototxt(new SourceText('', text));
  const names = new Map(Object.entries(v1Types).map(([old, present]) => [present, old]));
  const edits: TextEdit[] = [];
  for (const layer of root.fields.filter(({ name }) => name === 'layer')) {
    const fields = fieldsOf(layer);
    edits.push({ range: layer.nameRange, newText: 'layers' });
    for (const field of fields.filter(({ name }) => name === 'type')) {
      const [value] = field.values;
      const old = value?.kind === 'scalar' ? names.get(value.value) : undefined;
      if (old === undefined) return undefined;
      edits.push({ range: field.valueRange, newText: old });
    }
    for (const param of fields.filter(({ name }) => name === 'param')) {
      const texts = fieldsOf(param).map(({ name, valueRange: { start, end } }) => {
        return `${paramNames[name]}: ${text.slice(start, end)}`;
      });
      // A list cannot skip one: every param must give both.
      if (texts.length !== 2 || texts.some((part) => !/^(blobs_lr|weight_decay)/.test(part))) {
        return undefined;
      }
      edits.push({ range: param.range, newText: texts.join(' ') });
    }
  }
  return edits.length === 0 ? undefined : applyEdits(text, edits);
}

const paramNames: Readonly<Record<string, string>> = {
  lr_mult: 'blobs_lr',
  decay_mult: 'weight_decay',
};

function fieldsOf({ values }: FieldNode): readonly FieldNode[] {
  return values.flatMap((value) => (value.kind === 'message' ? value.fields : []));
}

describe.skipIf(!hasShared('data', 'nets'))('public nets (need ../shared)', () => {
  const names = hasShared('data', 'nets') ? readdirSync(shared('data', 'nets')) : [];
  const nets = names
    .filter((name) => !name.includes('solver') || name.includes('sigmoid_train'))
    .map((name) => [name, readFileSync(shared('data', 'nets', name), 'utf8')] as const);

  it.each(nets)('%s is read, and the same in the V1 form', (_, text) => {
    const present = read(text);
    const old = inV1(text);
    if (old === undefined) return;
    const upgraded = read(old);
    expect(upgraded.warnings[0]?.code).toBe('net/old-version');
    expect(JSON.stringify(upgraded.bound.message)).toBe(JSON.stringify(present.bound.message));
    const { nodes, message } = upgraded.bound;
    const written = new SourceText('', old);
    const layers = parsePrototxt(written).root.fields.filter(({ name }) => name === 'layers');
    expect(
      message.layer.map(
        (layer) => upgraded.source.positionAt(nodes.messageNode(layer)?.range.start ?? 0).line,
      ),
    ).toEqual(layers.map(({ valueRange }) => written.positionAt(valueRange.start).line));
  });

  it('has many that the V1 form can say', () => {
    expect(nets.length).toBeGreaterThan(40);
    expect(nets.filter(([, text]) => inV1(text) !== undefined).length).toBeGreaterThan(15);
  });
});
