import { documentKind } from '../caffe/documentKind';
import { parsePrototxt } from '../prototxt/parse';
import type { SourceText } from '../prototxt/source';

/** A net that a solver names. */
export interface SolverNet {
  /** Field that names it. */
  readonly field: 'net' | 'test_net' | 'train_net';
  /** As it stands there. */
  readonly path: string;
}

/** The fields in the order in which their nets are likely to be meant: scoring needs the TEST phase. */
const fields = ['net', 'test_net', 'train_net'] as const;

/**
 * The nets that a solver trains and tests, each path once, the one to quantize first; undefined for a
 * text that is no solver. Never throws: of a text with errors what can be understood counts.
 */
export function solverNets(source: SourceText): readonly SolverNet[] | undefined {
  const { root } = parsePrototxt(source);
  if (documentKind(root) !== 'solver') return undefined;
  const found = fields.flatMap((field) =>
    root.fields
      .filter(({ name }) => name === field)
      .flatMap(({ values }) => values)
      .flatMap((value) => (value.kind === 'scalar' ? [{ field, path: value.value }] : [])),
  );
  return found.filter(
    ({ path }, at) => path !== '' && found.findIndex((other) => other.path === path) === at,
  );
}
