import type { LayerConverter } from '../../layerConverter';
import { lstm, lstmUnit } from './lstm';
import { rnn } from './rnn';

/** Layers that go through sequences. */
export const recurrentConverters: readonly LayerConverter[] = [lstm, lstmUnit, rnn];
