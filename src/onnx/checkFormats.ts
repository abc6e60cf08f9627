import type { LayerFormats } from '../formats/layerFormats';
import { kindOf } from '../formats/formats';
import type { Layer } from '../caffe/net';
import { layerError } from './layerError';

/**
 * Refuses number formats that cannot be.
 *
 * @throws UserError naming the layer and the value.
 */
export function checkFormats(layer: Layer, formats: LayerFormats): void {
  for (const part of ['input', 'output', 'weights', 'bias'] as const) {
    const format = formats[part];
    const fault = kindOf(format).fault(format);
    if (fault !== undefined) {
      throw layerError(layer, 'layer/quantization', `quantization_param: ${part} ${fault}`);
    }
  }
}
