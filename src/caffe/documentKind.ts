import { caffeSchema } from './caffeSchema';
import type { MessageNode } from '../prototxt/tree';

/** What a prototxt file describes; `other` where that cannot be told, e.g. of a label map. */
export type DocumentKind = 'net' | 'solver' | 'other';

/** The message that a file of a kind is. */
export const rootTypes = { net: 'NetParameter', solver: 'SolverParameter' } as const;

/** Fields that by themselves make a file a net. */
const netFields: ReadonlySet<string> = new Set([
  'layer',
  'layers',
  'input',
  'input_shape',
  'input_dim',
  'force_backward',
]);

/** Fields of a solver that other messages have as well. */
const commonFields: ReadonlySet<string> = new Set(['type', 'debug_info', 'weights', 'power']);

/** Tells a net from a solver by the fields at the top level; layers win over everything else. */
export function documentKind(root: MessageNode): DocumentKind {
  const names = root.fields.map(({ name }) => name);
  if (names.some((name) => netFields.has(name))) return 'net';
  const solver = caffeSchema.message(rootTypes.solver).fields;
  if (names.some((name) => solver.has(name) && !commonFields.has(name))) return 'solver';
  // A name alone makes no net: other tools' files have one as well, beside fields of their own.
  const net = caffeSchema.message(rootTypes.net).fields;
  const isStart = names.some((name) => name === 'name' || name === 'state');
  return isStart && names.every((name) => net.has(name)) ? 'net' : 'other';
}
