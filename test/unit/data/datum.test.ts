import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { decodeDatum, type Datum } from '../../../src/data/datum';
import type { RecordPlace } from '../../../src/data/record';
import { LmdbReader } from '../../../src/data/lmdb';
import { describeRecord } from '../../../src/data/record';
import { fixture, floats, pixels, recordsOf, userErrorOf } from './fixtures';

const place = { file: '/data/x/data.mdb', index: 3, key: Buffer.from('00000003') };

function encode(write: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
}

const size = (writer: protobuf.Writer, c: number, h: number, w: number) =>
  writer.uint32(8).int32(c).uint32(16).int32(h).uint32(24).int32(w);

/** A datum that is no image file inside. */
function raw(bytes: Uint8Array, record: RecordPlace): Datum {
  const datum = decodeDatum(bytes, record);
  if ('encoded' in datum) throw new Error('this datum is encoded');
  return datum;
}

describe('decodeDatum', () => {
  it('reads bytes as a view, and the label', () => {
    const bytes = encode((w) =>
      size(w, 1, 2, 2)
        .uint32(34)
        .bytes(Uint8Array.of(1, 2, 254, 255))
        .uint32(40)
        .int32(-7),
    );
    const datum = raw(bytes, place);
    expect(datum).toMatchObject({ channels: 1, height: 2, width: 2, label: -7 });
    expect([...datum.pixels]).toEqual([1, 2, 254, 255]);
    expect(datum.pixels).toBeInstanceOf(Uint8Array);
    expect(datum.pixels.buffer).toBe(bytes.buffer);
  });

  it('reads packed and unpacked floats alike', () => {
    const reader = LmdbReader.open(fixture('float'));
    const data = Array.from(recordsOf(reader), ({ key, value }, index) =>
      raw(value, { file: reader.path, index, key }),
    );
    reader.close();
    data.forEach((datum, i) => {
      expect(datum).toMatchObject({ channels: 2, height: 3, width: 4, label: i === 0 ? 0 : -i });
      expect(datum.pixels).toEqual(floats(i, 24));
    });
  });

  it('prefers bytes to floats and passes over unknown fields', () => {
    const bytes = encode((w) => {
      w.uint32(53).float(4.5).uint32(90).string('a fork adds this').uint32(97).fixed64(1);
      size(w, 1, 1, 1).uint32(34).bytes(Uint8Array.of(9)).uint32(56).bool(false);
    });
    expect([...raw(bytes, place).pixels]).toEqual([9]);
  });

  it('names record, key and byte counts of each bad record', () => {
    const reader = LmdbReader.open(fixture('bad'));
    const messages = Array.from(recordsOf(reader), ({ key, value }, index) => {
      const record = { file: '/f', index, key };
      if (index === 1) return decodeDatum(value, record).label.toString();
      if (index === 5) return Object.keys(decodeDatum(value, record)).join();
      const error = userErrorOf(() => decodeDatum(value, record));
      return `${error.code} ${error.message}`;
    });
    reader.close();
    expect(messages).toEqual([
      expect.stringMatching(
        /^datum\/corrupt \/f: record 0 \(key 0x0036ff\) is no valid Datum: no Datum message can be read at byte \d of its 2 \(.*\); re-create the database$/,
      ),
      '0',
      expect.stringMatching(/^datum\/corrupt .*record 2 \(key 0x312063.*at byte \d+ of its 12/),
      expect.stringMatching(
        /^datum\/corrupt .*record 3 \(key 2_short\).*1x4x5 needs 20 bytes of data, but it has 19/,
      ),
      expect.stringMatching(
        /^datum\/corrupt .*record 4 \(key 3_nothing\).*neither data nor float_data/,
      ),
      'label,encoded',
      expect.stringMatching(/^datum\/corrupt .*record 6 \(key 5_no_size\).*its size is 0x0x0/),
    ]);
  });

  it('refuses packed floats of a broken length and negative sizes', () => {
    const broken = encode((w) =>
      size(w, 1, 1, 1)
        .uint32(50)
        .bytes(Uint8Array.of(1, 2, 3)),
    );
    expect(userErrorOf(() => decodeDatum(broken, place)).message).toMatch(/3 bytes are no whole/);
    const negative = encode((w) => size(w, -1, -1, 1).uint32(34).bytes(Uint8Array.of(1)));
    expect(userErrorOf(() => decodeDatum(negative, place)).message).toMatch(/size is -1x-1x1/);
  });

  it('ends in data or a UserError for every cut of a record', () => {
    const whole = encode((w) =>
      size(w, 1, 4, 5).uint32(34).bytes(pixels(1, 20)).uint32(40).int32(300),
    );
    for (let length = 0; length < whole.length; length++) {
      try {
        expect(raw(whole.subarray(0, length), place).pixels).toHaveLength(20);
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError', code: 'datum/corrupt' });
      }
    }
  });
});

describe('describeRecord', () => {
  it.each([
    ['00000012_a.png', 'record 3 (key 00000012_a.png)'],
    ['', 'record 3 (key 0x)'],
    ['two words', 'record 3 (key 0x74776f20776f726473)'],
    ['k'.repeat(300), `record 3 (key ${'k'.repeat(80)}...)`],
  ])('%j', (key, text) => {
    expect(describeRecord({ index: 3, key: Buffer.from(key) })).toBe(text);
  });
});
