import { partKnobs } from '../best/layerKnobs';
import { fixedPointWeights, wideFormats } from './dynamicFixedPoint';
import type { Mode } from './mode';
import { powersOfTwo } from './powerOfTwoWeights';

/** Each layer's weights take fixed point or powers of two. */
export const mixed: Mode = {
  name: 'mixed formats',
  label: 'Mixed',
  question: 'the weights of each layer take fixed point or powers of two: the fewest bits',
  setting:
    'The weights of each layer take fixed point numbers or powers of two, whichever is smaller; with ' +
    'the best search only.',
  earlySpellings: [],
  isOneFormat: false,
  best: {
    knobsOf: (layer, kept, options) =>
      partKnobs(layer, kept, options, [powersOfTwo, fixedPointWeights]),
    wideFormats,
  },
};
