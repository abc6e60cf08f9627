import path from 'node:path';
import * as vscode from 'vscode';
import { writeOutput } from '../engine/files/outputFile';
import type { QuantizeReport } from '../quantize/report';
import { reportJson } from '../quantize/reportJson';
import { reportTables, type ReportTable } from '../runs/reportFiles';
import type { RunRecord } from '../runs/runRecord';
import { tellWritten } from './writtenFiles';

/** Writes all that a run found out to a JSON file of the user's choice. */
export async function exportJson(record: RunRecord): Promise<void> {
  await exportText(record, { name: '', extension: 'json' }, () => reportJson(reportOf(record)));
}

/**
 * Writes one table of a run to a CSV file of the user's choice, and asks which one unless it is given.
 *
 * @param selected index of the net of a best search that is shown, where it is not the usual one
 */
export async function exportCsv(
  record: RunRecord,
  selected: number | undefined,
  id?: ReportTable['id'],
): Promise<void> {
  const tables = reportTables({ ...record, report: reportOf(record) }, selected);
  const table = tables.find((each) => each.id === id) ?? (await askTable(tables));
  if (table === undefined) return;
  await exportText(record, { name: `_${table.suffix}`, extension: 'csv' }, () => table.csv());
}

/** The result of a run that has one. */
export function reportOf({ report }: RunRecord): QuantizeReport {
  if (report === undefined) throw new Error('this run has no result');
  return report;
}

async function askTable(tables: readonly ReportTable[]): Promise<ReportTable | undefined> {
  const picked = await vscode.window.showQuickPick(
    tables.map((table) => ({ label: table.title, detail: table.description, table })),
    { title: 'Export CSV', placeHolder: 'Which table? Each has a file of its own' },
  );
  return picked?.table;
}

async function exportText(
  { request }: RunRecord,
  { name, extension }: { readonly name: string; readonly extension: 'json' | 'csv' },
  text: () => string,
): Promise<void> {
  const output = path.parse(request.output);
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(output.dir, `${output.name}${name}.${extension}`)),
    filters: extension === 'json' ? { JSON: ['json'] } : { CSV: ['csv'] },
  });
  if (chosen === undefined) return;
  await writeOutput(chosen.fsPath, text());
  tellWritten(chosen.fsPath, 'Wrote');
}
