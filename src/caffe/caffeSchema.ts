import protoText from '../../proto/caffe.proto';
import forksText from '../../proto/forks.proto';
import { loadSchema } from '../prototxt/schema';

/**
 * The messages of prototxt and caffemodel files, with what well-known forks add to layers; types to
 * match are in `schema.ts`.
 */
export const caffeSchema = loadSchema(protoText, forksText);

/** A message that no file holds; fields that are not given read as their defaults. */
export function caffeMessage<T extends object>(typeName: string, fields: Partial<T>): T {
  return Object.assign(caffeSchema.message(typeName).create(), fields) as T;
}
