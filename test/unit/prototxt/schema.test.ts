import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import protoText from '../../../proto/caffe.proto';
import { caffeSchema } from '../../../src/caffe/caffeSchema';
import { EnumType, loadSchema, MessageType } from '../../../src/prototxt/schema';
import { shared } from './support';

interface FieldJson {
  readonly rule?: string;
  readonly type: string;
  readonly id: number;
  readonly options?: Record<string, unknown>;
}

interface ObjectJson {
  readonly fields?: Record<string, FieldJson>;
  readonly values?: Record<string, number>;
  readonly nested?: Record<string, ObjectJson>;
}

/** The parts that matter, and nothing that protobufjs adds on its own. */
function normalize(object: ObjectJson): ObjectJson {
  const entries = <T>(of: Record<string, T> | undefined): [string, T][] => Object.entries(of ?? {});
  const fields = entries(object.fields).map(([name, { rule, type, id, options }]) => [
    name,
    { rule: rule ?? 'optional', type, id, options: options ?? {} },
  ]);
  const nested = entries(object.nested).map(([name, inner]) => [name, normalize(inner)]);
  return {
    fields: Object.fromEntries(fields) as Record<string, FieldJson>,
    values: object.values ?? {},
    nested: Object.fromEntries(nested) as Record<string, ObjectJson>,
  };
}

const expectedPath = new URL('spec/caffe-schema.json', shared);

describe.skipIf(!existsSync(expectedPath))(
  'proto/caffe.proto (skipped without ../shared/spec)',
  () => {
    it('is the schema that Caffe and Ristretto files are written in', () => {
      const expected = JSON.parse(readFileSync(expectedPath, 'utf8')) as Record<string, ObjectJson>;
      const { root } = protobuf.parse(protoText, { keepCase: true });
      const actual = root.toJSON().nested?.['caffe'] as ObjectJson;
      expect(Object.keys(actual.nested ?? {})).toHaveLength(65);
      expect(normalize(actual)).toEqual(normalize({ nested: expected }));
    });
  },
);

describe('src/caffe/schema.ts', () => {
  it('is what `npm run generate` makes of proto/caffe.proto', () => {
    const path = (name: string): string =>
      fileURLToPath(new URL(`../../../${name}`, import.meta.url));
    const script = path('scripts/generateSchemaTypes.mjs');
    const generated = execFileSync(process.execPath, [script, '--stdout'], { encoding: 'utf8' });
    expect(readFileSync(path('src/caffe/schema.ts'), 'utf8')).toBe(generated);
  });
});

describe('loadSchema', () => {
  it('knows fields by name', () => {
    const layer = caffeSchema.message('LayerParameter');
    const param = layer.fields.get('convolution_param');
    expect(param).toMatchObject({ id: 106, repeated: false, required: false });
    expect(param?.type).toBe(caffeSchema.message('ConvolutionParameter'));
    expect(layer.fields.get('bottom')).toMatchObject({ type: 'string', repeated: true });
    expect(caffeSchema.message('BlobProto').fields.get('data')).toMatchObject({ packed: true });
    expect(caffeSchema.message('Datum').fields.get('float_data')).toMatchObject({ packed: false });
    expect(caffeSchema.message('ClipParameter').hasRequired).toBe(true);
    expect(layer.hasRequired).toBe(false);
  });

  it('knows enums by name and by number', () => {
    const type = caffeSchema.enum('PoolingParameter.PoolMethod');
    expect([...type.numbers]).toEqual([
      ['MAX', 0],
      ['AVE', 1],
      ['STOCHASTIC', 2],
    ]);
    expect(type.names.get(1)).toBe('AVE');
    expect(caffeSchema.message('PoolingParameter').fields.get('pool')?.type).toBe(type);
  });

  it('gives every field without a message type a default of its type', () => {
    const { root } = protobuf.parse(protoText, { keepCase: true });
    for (const { name } of (root.lookup('caffe') as protobuf.Namespace).nestedArray) {
      if (!(root.lookup(`caffe.${name}`) instanceof protobuf.Type)) continue;
      for (const { type, repeated, defaultValue } of caffeSchema.message(name).fields.values()) {
        const isUndefined = repeated || type instanceof MessageType;
        expect(defaultValue === undefined).toBe(isUndefined);
        if (type instanceof EnumType)
          expect(type.numbers.has(String(defaultValue))).toBe(!repeated);
      }
    }
  });

  it('takes the first value of an enum without default, whatever its number', () => {
    const schema = loadSchema(
      'syntax = "proto2"; message M { optional E e = 1; enum E { X = 7; Y = 0; } }',
    );
    expect(schema.message('M').create()).toMatchObject({ e: 'X' });
  });

  it('refuses names it does not know and texts that are no schema', () => {
    expect(() => caffeSchema.message('Phase')).toThrow();
    expect(() => caffeSchema.message('Nothing')).toThrow();
    expect(() => caffeSchema.enum('Nothing')).toThrow();
    expect(() => loadSchema('message {')).toThrow();
  });
});
