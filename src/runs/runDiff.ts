import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { netDefinitions } from '../caffe/netDefinitions';
import { readNetFile } from '../caffe/netFile';
import { encodeText } from '../prototxt/encoding';
import { SourceText } from '../prototxt/source';
import { rewritePrototxt } from '../quantize/rewritePrototxt';
import { diffView } from './view/diffView';
import type { DiffView } from './panelMessages';
import { selectedPoint } from './view/pointsView';
import type { RunRecord } from './runRecord';
import type { RunStore } from './runStore';

/** The net's own text before and after a run; undefined for a run without a result. */
export function runTexts(
  record: RunRecord,
  store: RunStore,
  selected?: number,
): { readonly before: string; readonly after: string } | undefined {
  const { id, request } = record;
  const original = store.originalPath(id);
  if (!existsSync(original)) return undefined;
  const after = quantizedText(record, store, selected);
  if (after === undefined) return undefined;
  return { before: ownText(readFileSync(original, 'utf8'), request.netIndex), after };
}

function quantizedText(
  record: RunRecord,
  store: RunStore,
  selected: number | undefined,
): string | undefined {
  const point = pointFile(record, store, selected);
  if (point !== undefined) return point.text;
  const quantized = store.quantizedPath(record.id);
  return record.report !== undefined && existsSync(quantized)
    ? readFileSync(quantized, 'utf8')
    : undefined;
}

/**
 * The prototxt of another net of a best search than the delivered one, which is the best one so far where
 * the search did not end; undefined where neither is asked for.
 */
export function pointFile(
  record: RunRecord,
  store: RunStore,
  selected: number | undefined,
): { readonly index: number; readonly text: string; readonly bytes: Uint8Array } | undefined {
  const point = selectedPoint(record, selected);
  if (point === undefined || (point.isDelivered && record.report !== undefined)) return undefined;
  const { id, request } = record;
  const file = readNetFile(store.originalPath(id), { netIndex: request.netIndex });
  const text = rewritePrototxt(file, new Map(Object.entries(point.formats)));
  return { index: point.index, text, bytes: encodeText(text, file.encoding) };
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
