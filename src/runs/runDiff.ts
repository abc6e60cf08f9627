import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { netDefinitions } from '../caffe/netDefinitions';
import { SourceText } from '../prototxt/source';
import { diffView } from './diffView';
import type { DiffView } from './panelMessages';
import type { RunRecord } from './runRecord';
import type { RunStore } from './runStore';

/** The net's own text before and after a run; undefined for a run without a result. */
export function runTexts(
  { id, request, report }: RunRecord,
  store: RunStore,
): { readonly before: string; readonly after: string } | undefined {
  const original = store.originalPath(id);
  const quantized = store.quantizedPath(id);
  if (report === undefined || !existsSync(original) || !existsSync(quantized)) return undefined;
  return {
    before: ownText(readFileSync(original, 'utf8'), request.netIndex),
    after: readFileSync(quantized, 'utf8'),
  };
}

/** The change a run proposes, for the page. */
export function runDiff(record: RunRecord, store: RunStore): DiffView | undefined {
  const texts = runTexts(record, store);
  if (texts === undefined) return undefined;
  return diffView(path.basename(record.request.output), texts.before, texts.after);
}

/** The net's part of a file that defines several. */
function ownText(text: string, netIndex: number): string {
  const nets = netDefinitions(new SourceText('', text));
  const range = nets.length > 1 ? nets[netIndex]?.range : undefined;
  return range === undefined ? text : text.slice(range.start, range.end);
}
