import { isSet, type Bound } from '../../prototxt/bind';
import type { Diagnostic } from '../../prototxt/diagnostic';
import type { LayerParameter, NetParameter } from '../schema';

/** The message that holds a data layer's settings, by layer type. */
const dataParams = {
  Data: 'data_param',
  ImageData: 'image_data_param',
  WindowData: 'window_data_param',
} as const;

const fields = ['scale', 'mean_file', 'crop_size', 'mirror'] as const;

/**
 * Warnings of `scale` and the like that stand in a data layer's own settings. Caffe moves them to
 * `transform_param` in files of the old forms, and never looks at them in a file of the present one.
 */
export function ignoredTransformations({ message, nodes }: Bound<NetParameter>): Diagnostic[] {
  return message.layer.flatMap((layer) => {
    const name = dataParamOf(layer);
    const param = name === undefined ? undefined : layer[name];
    if (name === undefined || param === undefined) return [];
    return fields
      .filter((field) => isSet(param, field))
      .map((field): Diagnostic => {
        const text =
          `'${field}' in ${name} changes nothing: Caffe reads it from transform_param in a ` +
          "'layer', and so does this; move it there if it should count";
        const range = nodes.fieldNode(param, field)?.nameRange ?? { start: 0, end: 0 };
        return { severity: 'warning', code: 'net/ignored-field', message: text, range };
      });
  });
}

function dataParamOf({
  type,
}: LayerParameter): (typeof dataParams)[keyof typeof dataParams] | undefined {
  return Object.hasOwn(dataParams, type) ? dataParams[type as keyof typeof dataParams] : undefined;
}
