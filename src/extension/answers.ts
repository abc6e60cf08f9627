import type * as vscode from 'vscode';
import { rememberedKeys, type RememberedKey, type ValuesOf } from '../options/table';
import { withPresentNames, type NetKey } from '../runs/runRecord';

/** What the user answered about a net the last time. */
export type NetAnswers = Partial<ValuesOf<RememberedKey>>;

/** Remembers the answers of every net in this workspace. */
export class Answers {
  constructor(private readonly state: vscode.Memento) {}

  of(net: NetKey): NetAnswers {
    return withPresentNames(this.state.get<NetAnswers>(key(net), {}));
  }

  async remember(net: NetKey, answers: NetAnswers): Promise<void> {
    const known = { ...this.of(net), ...answers };
    const kept = rememberedKeys
      .map((name) => [name, known[name]] as const)
      .filter(([, value]) => value !== undefined);
    await this.state.update(key(net), Object.fromEntries(kept));
  }
}

function key({ model, netIndex }: NetKey): string {
  return `answers:${netIndex}:${model}`;
}
