import type { Net } from '../../src/caffe/net';
import { buildNet } from '../../src/caffe/buildNet';
import { parseNetFile } from '../../src/caffe/netFile';
import { netState, type NetState } from '../../src/caffe/phase';
import { SourceText } from '../../src/prototxt/source';
import { UserError } from '../../src/base/userError';

/** The net of a prototxt given as text; errors call its file `test.prototxt`. */
export function netOf(prototxt: string, state: NetState = netState('TEST')): Net {
  return buildNet(parseNetFile(new SourceText('test.prototxt', prototxt)), state);
}

/** The error an action throws, as it should: one for the user. */
export function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (cause) {
    if (cause instanceof UserError) return cause;
    throw cause;
  }
  throw new Error('nothing was thrown');
}

/** An Input layer for each blob named, of two numbers each. */
export function inputs(...blobs: readonly string[]): string {
  return blobs
    .map((b) => `layer { name: "${b}" type: "Input" top: "${b}" input_param { shape { dim: 2 } } }`)
    .join(' ');
}

/** A layer by its blobs: `layer('r', 'ReLU', 'a b', 'c')`. */
export function layer(
  name: string,
  type: string,
  bottoms: string,
  tops: string,
  param = '',
): string {
  const fields = (field: string, blobs: string): string =>
    blobs
      .split(' ')
      .filter((blob) => blob !== '')
      .map((blob) => `${field}: "${blob}" `)
      .join('');
  return `layer { name: "${name}" type: "${type}" ${fields('bottom', bottoms)}${fields('top', tops)}${param} }`;
}
