import { buildNet } from '../caffe/buildNet';
import { readNetFile } from '../caffe/netFile';
import { netState } from '../caffe/phase';
import { refuseUnobeyed } from './forkSettings';
import { checkSupported } from './registry';

/**
 * Finds what keeps a net from being run that its definition alone tells, without data or weights: so
 * that nobody answers questions first.
 *
 * @throws UserError that names the layer: of a type that is not supported, or with a setting that cannot be
 * obeyed; or what is wrong with the file
 */
export function checkNet(model: string, netIndex: number): void {
  const file = readNetFile(model, { netIndex });
  const net = buildNet(file, netState('TEST', {}));
  checkSupported(net);
  refuseUnobeyed(net);
}
