import protobuf from 'protobufjs/minimal.js';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';
import { FloatCollector } from './floatCollector';
import { describeRecord, type RecordPlace } from './record';

/** Size of one image. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** One labelled image of a Caffe database: C x H x W values, row-major. */
export interface Datum extends ImageShape {
  readonly label: number;
  /** Unsigned bytes, a view of the record it was decoded from; or real numbers, a copy. */
  readonly pixels: Uint8Array | Float32Array;
}

/** A labelled image that is still a JPEG or PNG file. */
export interface EncodedDatum {
  readonly label: number;
  /** A view of the record. */
  readonly encoded: Uint8Array;
}

// Tags are field number * 8 + wire type; the numbers are those of Datum in caffe.proto.
const TAGS = {
  channels: 8,
  height: 16,
  width: 24,
  data: 34,
  label: 40,
  floatDataPacked: 50,
  floatData: 53,
  encoded: 56,
} as const;

/**
 * Decodes a Datum message. Where it has both bytes and floats the bytes count, as in Caffe.
 *
 * @throws UserError `datum/corrupt` (no protobuf message, or not C*H*W values)
 */
export function decodeDatum(bytes: Uint8Array, record: RecordPlace): Datum | EncodedDatum {
  const fields = readFields(bytes, record);
  if (fields.encoded) {
    if (fields.data !== undefined && fields.data.length > 0) {
      return { label: fields.label, encoded: fields.data };
    }
    throw corrupt(record, 'it says that it holds a JPEG or PNG image, but it has no data');
  }
  const { channels, height, width, label } = fields;
  const hasBytes = fields.data !== undefined && fields.data.length > 0;
  const pixels = hasBytes ? fields.data : fields.floats.finish();
  const shape = `${channels}x${height}x${width}`;
  if (channels < 1 || height < 1 || width < 1) {
    throw corrupt(record, `its size is ${shape} (${bytes.length} bytes in all)`);
  }
  if (pixels === undefined || pixels.length === 0) {
    throw corrupt(record, `it has neither data nor float_data (${bytes.length} bytes in all)`);
  }
  const count = channels * height * width;
  if (pixels.length !== count) {
    const unit = hasBytes ? 'bytes of data' : 'numbers of float_data';
    throw corrupt(record, `${shape} needs ${count} ${unit}, but it has ${pixels.length}`);
  }
  return { channels, height, width, label, pixels };
}

interface DatumFields {
  channels: number;
  height: number;
  width: number;
  label: number;
  encoded: boolean;
  data: Uint8Array | undefined;
  floats: FloatCollector;
}

function readFields(bytes: Uint8Array, record: RecordPlace): DatumFields {
  const fields: DatumFields = {
    channels: 0,
    height: 0,
    width: 0,
    label: 0,
    encoded: false,
    data: undefined,
    floats: new FloatCollector(),
  };
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) readField(reader, fields);
  } catch (cause) {
    const reason = reasonOf(cause);
    throw corrupt(
      record,
      `no Datum message can be read at byte ${reader.pos} of its ${bytes.length} (${reason})`,
      cause,
    );
  }
  return fields;
}

function readField(reader: protobuf.Reader, fields: DatumFields): void {
  const tag = reader.uint32();
  switch (tag) {
    case TAGS.channels:
      fields.channels = reader.int32();
      break;
    case TAGS.height:
      fields.height = reader.int32();
      break;
    case TAGS.width:
      fields.width = reader.int32();
      break;
    case TAGS.data:
      fields.data = reader.bytes();
      break;
    case TAGS.label:
      fields.label = reader.int32();
      break;
    case TAGS.floatDataPacked:
      fields.floats.addPacked(reader.bytes());
      break;
    case TAGS.floatData:
      fields.floats.add(reader.float());
      break;
    case TAGS.encoded:
      fields.encoded = reader.bool();
      break;
    default:
      reader.skipType(tag & 7, 0, tag >>> 3);
  }
}

function corrupt(record: RecordPlace, detail: string, cause?: unknown): UserError {
  return new UserError(
    'datum/corrupt',
    `${describeRecord(record)} is no valid Datum: ${detail}; re-create the database`,
    { file: record.file },
    { cause },
  );
}
