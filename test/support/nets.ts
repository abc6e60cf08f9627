import { buildNet, type Net } from '../../src/caffe/net';
import { parseNetFile } from '../../src/caffe/netFile';
import { netState, type NetState } from '../../src/caffe/phase';
import { SourceText } from '../../src/prototxt/source';

/** The net of a text, in the TEST phase unless told otherwise. */
export function netOf(text: string, state: NetState = netState('TEST')): Net {
  return buildNet(parseNetFile(new SourceText('net.prototxt', text)), state);
}

/** Text of a layer without parameters. */
export function layer(
  name: string,
  type: string,
  bottoms: string[],
  tops: string[],
  more = '',
): string {
  const lines = [...bottoms.map((b) => `bottom: "${b}"`), ...tops.map((t) => `top: "${t}"`)];
  return `layer { name: "${name}" type: "${type}" ${lines.join(' ')} ${more} }\n`;
}
