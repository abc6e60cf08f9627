import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { netDefinitions } from '../caffe/netDefinitions';
import { readNetFile } from '../caffe/netFile';
import { encodeText } from '../prototxt/encoding';
import { SourceText } from '../prototxt/source';
import { rewritePrototxt } from '../quantize/rewritePrototxt';
import { diffView } from './diffView';
import type { DiffView } from './panelMessages';
import { selectedPoint } from './pointsView';
import type { RunRecord } from './runRecord';
import type { RunStore } from './runStore';

/** The net's own text before and after a run; undefined for a run without a result. */
export function runTexts(
  record: RunRecord,
  store: RunStore,
  selected?: number,
): { readonly before: string; readonly after: string } | undefined {
  const { id, request, report } = record;
  const original = store.originalPath(id);
  const quantized = store.quantizedPath(id);
  if (report === undefined || !existsSync(original) || !existsSync(quantized)) return undefined;
  return {
    before: ownText(readFileSync(original, 'utf8'), request.netIndex),
    after: pointFile(record, store, selected)?.text ?? readFileSync(quantized, 'utf8'),
  };
}

/**
 * The prototxt of another net of a best search than the delivered one; undefined where that is not
 * asked for.
 */
export function pointFile(
  record: RunRecord,
  store: RunStore,
  selected: number | undefined,
): { readonly text: string; readonly bytes: Uint8Array } | undefined {
  const point = selected === undefined ? undefined : selectedPoint(record, selected);
  if (point === undefined || point.isDelivered) return undefined;
  const { id, request } = record;
  const file = readNetFile(store.originalPath(id), { netIndex: request.netIndex });
  const text = rewritePrototxt(file, new Map(Object.entries(point.formats)));
  return { text, bytes: encodeText(text, file.encoding) };
}

/** The change a run proposes, for the page. */
export function runDiff(
  record: RunRecord,
  store: RunStore,
  selected?: number,
): DiffView | undefined {
  const texts = runTexts(record, store, selected);
  if (texts === undefined) return undefined;
  return diffView(path.basename(record.request.output), texts.before, texts.after);
}

/** The net's part of a file that defines several. */
function ownText(text: string, netIndex: number): string {
  const nets = netDefinitions(new SourceText('', text));
  const range = nets.length > 1 ? nets[netIndex]?.range : undefined;
  return range === undefined ? text : text.slice(range.start, range.end);
}
