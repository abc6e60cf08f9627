import type * as vscode from 'vscode';
import type { NetKey, RunRequest } from '../runs/runRecord';

/** What the user answered about a net the last time. */
export type NetAnswers = Partial<
  Pick<
    RunRequest,
    | 'weights'
    | 'mode'
    | 'search'
    | 'errorMargin'
    | 'iterations'
    | 'execution'
    | 'output'
    | 'calibration'
  >
>;

/** Remembers the answers of every net in this workspace. */
export class Answers {
  constructor(private readonly state: vscode.Memento) {}

  of(net: NetKey): NetAnswers {
    return this.state.get<NetAnswers>(key(net), {});
  }

  async remember(net: NetKey, answers: NetAnswers): Promise<void> {
    await this.state.update(key(net), { ...this.of(net), ...answers });
  }
}

function key({ model, netIndex }: NetKey): string {
  return `answers:${netIndex}:${model}`;
}
