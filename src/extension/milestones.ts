import * as vscode from 'vscode';

/** What a new user has done: the steps of the walkthrough. */
export type Milestone = 'openedNet' | 'quantized' | 'sawResults' | 'tookFile';

const all: readonly Milestone[] = ['openedNet', 'quantized', 'sawResults', 'tookFile'];

/**
 * Remembers what was done at least once, as context keys that the walkthrough ticks its steps by: a
 * command that was called may have been left before it did anything.
 */
export class Milestones {
  constructor(private readonly state: vscode.Memento) {
    all.filter((milestone) => this.isReached(milestone)).forEach(announce);
  }

  reach(milestone: Milestone): void {
    if (this.isReached(milestone)) return;
    announce(milestone);
    void this.state.update(key(milestone), true);
  }

  isReached(milestone: Milestone): boolean {
    return this.state.get<boolean>(key(milestone), false);
  }
}

function announce(milestone: Milestone): void {
  void vscode.commands.executeCommand('setContext', `ristretto.${milestone}`, true);
}

function key(milestone: Milestone): string {
  return `milestone:${milestone}`;
}
