import path from 'node:path';
import * as vscode from 'vscode';
import { formatWhen } from '../runs/view/formatting';
import type { RunController } from '../runs/runController';
import { isTrial, isUnfinished, type RunRecord, type RunStatus } from '../runs/runRecord';
import { describeOptions, describeOutcome } from '../runs/view/runSummary';
import { commandIds } from './commandIds';

/** A net, or one of its runs. */
type RunNode = NetNode | RunItem;

interface NetNode {
  readonly kind: 'net';
  readonly model: string;
  readonly netIndex: number;
  readonly name: string;
}

/** A run as the view's commands are given it. */
export interface RunItem {
  readonly kind: 'run';
  readonly id: string;
}

/** *Runs* in the explorer: every run that is kept, by net, the latest first. */
export class RunsView implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  /** State of each run as it is shown: rows come by the dozen and change nothing here. */
  private readonly shown = new Map<string, string>();

  constructor(private readonly runs: RunController) {
    const onChange = (record: RunRecord): void => {
      const text = `${record.status} ${describeOutcome(record)}`;
      if (this.shown.get(record.id) === text) return;
      this.shown.set(record.id, text);
      this.changed.fire();
    };
    const onRemoved = (): void => this.changed.fire();
    runs.events.on('change', onChange).on('removed', onRemoved);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      new vscode.Disposable(() => runs.events.off('change', onChange).off('removed', onRemoved)),
      vscode.window.createTreeView('ristretto.runs', {
        treeDataProvider: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
  }

  getChildren(node?: RunNode): RunNode[] {
    if (node === undefined) return this.nets();
    if (node.kind === 'run') return [];
    return this.runs.runsOf(node).map(({ id }) => ({ kind: 'run', id }));
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return node.kind === 'net' ? this.netItem(node) : this.runItem(node);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private nets(): NetNode[] {
    const nets = new Map<string, NetNode>();
    for (const { request } of this.runs.all()) {
      const { model, netIndex, netName } = request;
      const key = `${netIndex} ${model}`;
      if (!nets.has(key)) nets.set(key, { kind: 'net', model, netIndex, name: netName });
    }
    return [...nets.values()];
  }

  private netItem({ model, netIndex, name }: NetNode): vscode.TreeItem {
    const item = new vscode.TreeItem(
      path.basename(model),
      vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = `${netIndex} ${model}`;
    item.description = name;
    item.tooltip = model;
    item.resourceUri = vscode.Uri.file(model);
    item.iconPath = vscode.ThemeIcon.File;
    item.contextValue = 'net';
    return item;
  }

  private runItem({ id }: RunItem): vscode.TreeItem {
    const record = this.runs.find(id);
    if (record === undefined) return new vscode.TreeItem('this run is not kept any more');
    const when = formatWhen(record.startedAt, Date.now());
    const outcome = describeOutcome(record);
    const options = describeOptions(record);
    const item = new vscode.TreeItem(outcome);
    item.id = id;
    item.description = `${when}, ${options}`;
    item.tooltip = `${outcome}\n${when}\n${options}\n${record.request.weights}`;
    item.accessibilityInformation = { label: `${outcome}, ${when}, ${options}` };
    item.iconPath = iconOf(record);
    item.contextValue = isUnfinished(record) ? 'run.active' : 'run.ended';
    item.command = { command: commandIds.showRun, title: 'Open', arguments: [id] };
    return item;
  }
}

const icons: Readonly<Record<RunStatus, string>> = {
  queued: 'clock',
  starting: 'sync~spin',
  running: 'sync~spin',
  done: 'pass',
  cancelled: 'circle-slash',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

/** Shapes differ, so that nothing hangs on colors. */
export function iconOf(record: RunRecord): vscode.ThemeIcon {
  const isOutside = record.report?.final.withinMargin === false;
  if (record.status !== 'done') return new vscode.ThemeIcon(icons[record.status]);
  return new vscode.ThemeIcon(isOutside ? 'warning' : isTrial(record) ? 'beaker' : 'pass');
}
