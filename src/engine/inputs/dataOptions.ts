import type { SourceRoots } from '../../data/findSource';
import type { ValuesOf } from '../../options/table';

export type { ImagesOption } from '../../options/dataOptions';

/** Data given for nets that do not name their own. */
export type GivenData = ValuesOf<'inputs' | 'images'>;

/** Where a net's data come from. */
export interface DataOptions extends Omit<SourceRoots, 'prototxtPath'>, GivenData {}
