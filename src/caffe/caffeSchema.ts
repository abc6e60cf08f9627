import protoText from '../../proto/caffe.proto';
import { loadSchema } from '../prototxt/schema';

/** The messages of prototxt and caffemodel files; types to match are in `schema.ts`. */
export const caffeSchema = loadSchema(protoText);
