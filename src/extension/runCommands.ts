import * as vscode from 'vscode';
import { formatWhen } from '../runs/view/formatting';
import { isSameNet, isUnfinished, type NetKey, type RunRecord } from '../runs/runRecord';
import { describeOptions, describeOutcome } from '../runs/view/runSummary';
import { openComparison } from './runDocuments';
import { iconOf, type RunItem } from './runsView';
import type { Services } from './services';

/** Shows one run: what the CodeLens, the status bar and the *Runs* view lead to. */
export function showRun({ runs, panels }: Services, argument: unknown): void {
  const record = runs.find(idOf(argument) ?? '');
  if (record === undefined) {
    void vscode.window.showInformationMessage('This run is not kept any more.');
    return;
  }
  panels.show(record);
}

/**
 * *Show All Runs*: the runs of a net, or of all, to open, compare or delete.
 *
 * @param net whose runs; of all nets if undefined
 */
export async function showRuns(services: Services, net: NetKey | undefined): Promise<void> {
  const picked = await pickRun(services, net, 'Which run?');
  if (picked !== undefined) services.panels.show(picked);
}

/**
 * *Compare Runs*: two runs side by side in a document. One that is not given is asked for.
 *
 * @returns what was compared, or undefined when the user backs out
 */
export async function compareTwoRuns(
  services: Services,
  first: unknown,
  all: unknown,
): Promise<readonly [RunRecord, RunRecord] | undefined> {
  const { runs } = services;
  const [a, b] = idsOf([first, ...asList(all)]).flatMap((id) => runs.find(id) ?? []);
  const one = a ?? (await pickRun(services, undefined, 'The first run to compare'));
  if (one === undefined) return undefined;
  const others = runs.all().filter(({ id }) => id !== one.id);
  if (others.length === 0) {
    void vscode.window.showInformationMessage('There is no other run to compare with yet.');
    return undefined;
  }
  // Runs of the same net are what most compare; those of other nets are there too.
  const own = others.filter(({ request }) => isSameNet(request, one.request));
  const two = b ?? (await pick(services, own.length > 0 ? own : others, 'The run to compare with'));
  if (two === undefined) return undefined;
  await openComparison(one, two);
  return [one, two];
}

/** *Delete*: forgets runs with all their files, after a question; saved prototxts stay. */
export async function deleteRuns({ runs }: Services, first: unknown, all: unknown): Promise<void> {
  const records = idsOf([first, ...asList(all)]).flatMap((id) => runs.find(id) ?? []);
  const [record] = records;
  if (record === undefined) return;
  const remove = 'Delete';
  const isWorking = records.some(isUnfinished);
  const picked = await vscode.window.showWarningMessage(
    records.length === 1
      ? `Delete this run of ${record.request.netName}?`
      : `Delete these ${records.length} runs?`,
    {
      modal: true,
      detail:
        `${records.map(describeOutcome).slice(0, 5).join('\n')}\n` +
        `Files that you saved stay.${isWorking ? ' What is going on is cancelled.' : ''}`,
    },
    remove,
  );
  if (picked !== remove) return;
  for (const { id } of records) await runs.remove(id);
}

/** Cancels a run of the *Runs* view; without one, the run that is going on. */
export async function cancelRun({ runs }: Services, argument: unknown): Promise<void> {
  const id = idOf(argument) ?? runs.current?.id;
  if (id !== undefined) await runs.cancel(id);
}

/** Lets the user choose a run; `undefined` for the runs of all nets. */
async function pickRun(
  services: Services,
  net: NetKey | undefined,
  placeholder: string,
): Promise<RunRecord | undefined> {
  const { runs } = services;
  const records = net === undefined ? runs.all() : runs.runsOf(net);
  if (records.length === 0) {
    void vscode.window.showInformationMessage('No runs are kept here yet.');
    return undefined;
  }
  return pick(services, records, placeholder);
}

const compareButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('diff'),
  tooltip: 'Compare with another run',
};
const deleteButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('trash'),
  tooltip: 'Delete',
};

function pick(
  services: Services,
  records: readonly RunRecord[],
  placeholder: string,
): Promise<RunRecord | undefined> {
  const now = Date.now();
  const isOneNet = records.every(({ request }) =>
    records[0] === undefined ? true : isSameNet(request, records[0].request),
  );
  const input = vscode.window.createQuickPick<vscode.QuickPickItem & { record: RunRecord }>();
  input.title = 'Ristretto';
  input.placeholder = placeholder;
  input.matchOnDescription = true;
  input.matchOnDetail = true;
  input.items = records.map((record) => ({
    label: isOneNet
      ? describeOutcome(record)
      : `${record.request.netName}: ${describeOutcome(record)}`,
    description: formatWhen(record.startedAt, now),
    detail: describeOptions(record),
    iconPath: iconOf(record),
    buttons: [compareButton, deleteButton],
    record,
  }));
  return new Promise((resolve) => {
    input.onDidTriggerItemButton(({ button, item }) => {
      input.hide();
      if (button === compareButton) void compareTwoRuns(services, item.record.id, undefined);
      else void deleteRuns(services, item.record.id, undefined);
    });
    input.onDidAccept(() => {
      resolve(input.activeItems[0]?.record);
      input.hide();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

/** Views pass the item that was clicked, then a list of all that are selected. */
function asList(argument: unknown): readonly unknown[] {
  return Array.isArray(argument) ? (argument as readonly unknown[]) : [argument];
}

/** The runs that a command was called on, each once. */
function idsOf(given: readonly unknown[]): readonly string[] {
  return [...new Set(given.flatMap((one) => idOf(one) ?? []))];
}

/** The run that a command was called on: an id, or an item of the *Runs* view. */
function idOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  return isRunItem(argument) ? argument.id : undefined;
}

function isRunItem(argument: unknown): argument is RunItem {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'kind' in argument &&
    argument.kind === 'run' &&
    'id' in argument &&
    typeof argument.id === 'string'
  );
}
