import { describe, expect, it } from 'vitest';
import { caffeSchema } from '../../../src/caffe/caffeSchema';
import {
  describeField,
  describeMessage,
  describeValues,
} from '../../../src/language/descriptions/describe';
import { EnumType, MessageType } from '../../../src/prototxt/schema';

/** Every message that a net or a solver file can have in it. */
function reachable(): MessageType[] {
  const found = new Set<MessageType>();
  const open = ['NetParameter', 'SolverParameter'].map((name) => caffeSchema.message(name));
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (found.has(type)) continue;
    found.add(type);
    for (const field of type.fields.values()) {
      if (field.type instanceof MessageType) open.push(field.type);
    }
  }
  return [...found];
}

describe('descriptions', () => {
  const messages = reachable();

  it('there are many messages to describe', () => {
    expect(messages.length).toBeGreaterThan(70);
  });

  it('no message is without one', () => {
    expect(messages.filter((type) => describeMessage(type) === undefined)).toEqual([]);
  });

  it('no field is without one', () => {
    const missing = messages.flatMap((type) =>
      [...type.fields.keys()]
        .filter((field) => (describeField(type, field) ?? '') === '')
        .map((field) => `${type.name}.${field}`),
    );
    expect(missing).toEqual([]);
  });

  it('every one is a sentence', () => {
    const wrong = messages.flatMap((type) =>
      [...type.fields.keys()]
        .map((field) => describeField(type, field) ?? '')
        .filter((text) => !/^[A-Z0-9`(].*\.$/.test(text)),
    );
    expect(wrong).toEqual([]);
  });

  it('the values of enums that need it have one', () => {
    const missing = messages.flatMap((type) =>
      [...type.fields.values()].flatMap((field) => {
        if (!(field.type instanceof EnumType)) return [];
        // Layer types have the table of layers, resizing is not done here.
        if (/LayerType$|^ResizeParameter|BNMode$/.test(field.type.name)) return [];
        const meanings = describeValues(type, field);
        return [...field.type.numbers.keys()]
          .filter((name) => meanings[name] === undefined)
          .map((name) => `${type.name}.${field.name} ${name}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it('words that are described are those of a string', () => {
    const filler = caffeSchema.message('FillerParameter');
    const type = filler.fields.get('type');
    expect(type && Object.keys(describeValues(filler, type))).toContain('xavier');
  });
});
