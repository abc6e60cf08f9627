import { layerTable, type LayerTypeEntry } from '../onnx/layerTable';
import { formatShape } from '../base/shape';
import type { Analysis } from './analysis';
import { batchSize } from './dataTops';
import { layerCost } from './layerCost';
import { bold, code } from './markdown';
import type { NetLayer, NetPart } from './netParts';
import { describeState } from './netStates';
import { formatPartialShape, type LayerShapes } from './partialShapes';

let table: ReadonlyMap<string, LayerTypeEntry> | undefined;

/** What is known of a layer type; undefined for one that cannot be converted. */
export function layerTypeEntry(type: string): LayerTypeEntry | undefined {
  table ??= new Map(layerTable().map((entry) => [entry.type, entry]));
  return table.get(type);
}

/** What a layer type computes, in Markdown. */
export function describeLayerType(type: string): string {
  const entry = layerTypeEntry(type);
  if (entry === undefined) return '';
  const limits =
    entry.limits === '' ? '' : `\n\nNot here, or otherwise than in Caffe: ${entry.limits}.`;
  return `${capital(entry.summary)}.${limits}`;
}

/** The shapes of a layer in the first state that it takes part in: TEST before TRAIN. */
export function shownShapes(
  analysis: Analysis,
  net: NetPart,
  layer: NetLayer,
): LayerShapes | undefined {
  return analysis
    .states(net)
    .find(({ shapes }) => shapes.has(layer))
    ?.shapes.get(layer);
}

/** The shape of a top as it is shown; a data layer's batch is known where nothing else is. */
export function topShapeText({ layer }: NetLayer, shapes: LayerShapes, index: number): string {
  const shape = shapes.tops[index];
  if (shape !== undefined || layer?.type !== 'HDF5Data') return formatPartialShape(shape);
  return `${batchSize(layer)}x?`;
}

/** Name, type, shapes, parameters and multiply-accumulates of a layer, in Markdown. */
export function describeLayer(analysis: Analysis, net: NetPart, item: NetLayer): string {
  const title = `${bold(item.name === '' ? 'layer' : item.name)} ${code(item.type)}`;
  const about = describeLayerType(item.type);
  const lines = [...outputLines(analysis, net, item), ...costLines(analysis, net, item)];
  return [title, about, lines.map((line) => `- ${line}`).join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** One line where all states agree, else one for each that differs. */
function outputLines(analysis: Analysis, net: NetPart, item: NetLayer): string[] {
  const lines = new Map<string, string>();
  for (const { state, shapes } of analysis.states(net)) {
    const known = shapes.get(item);
    if (known === undefined) continue;
    const tops = item.tops.map(
      ({ name }, index) => `${code(name)} ${topShapeText(item, known, index)}`,
    );
    const text = tops.join(', ');
    if (text !== '' && !lines.has(text)) lines.set(text, describeState(state, code));
  }
  if (lines.size === 1) return [...lines.keys()].map((text) => `output: ${text}`);
  return [...lines].map(([text, state]) => `output, ${state}: ${text}`);
}

function costLines(analysis: Analysis, net: NetPart, item: NetLayer): string[] {
  const shapes = shownShapes(analysis, net, item);
  if (shapes === undefined || item.layer === undefined) return [];
  const { parameters, multiplyAccumulates } = layerCost(item.layer, shapes);
  const lines: string[] = [];
  if (parameters !== undefined && parameters > 0) {
    const parts = (shapes.weights ?? []).map(({ role, shape }) => `${role} ${formatShape(shape)}`);
    lines.push(`parameters: ${formatCount(parameters)} (${parts.join(', ')})`);
  }
  if (multiplyAccumulates !== undefined && multiplyAccumulates > 0) {
    lines.push(`multiply-accumulates: ${formatCount(multiplyAccumulates)} for one image`);
  }
  return lines;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
