import type { Group } from '../../quantize/groups';

/** Names of the groups as table headings. */
export const groupTitles: Readonly<Record<Group, string>> = {
  conv_params: 'CONV weights',
  fc_params: 'FC weights',
  activations: 'Activations',
  net: 'Whole net',
};
