import * as vscode from 'vscode';

/** The user pressed the Back button. */
class BackPressed extends Error {}

/** One question; it keeps its answer itself, so that going back shows it again. */
export type Step = (ask: Ask) => Promise<void>;

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[];
  /** Whether an item is the present answer, which is then highlighted. */
  isCurrent(value: T): boolean;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  /** Why a text cannot be taken, or undefined. */
  problem(text: string): string | undefined;
}

/**
 * Asks the questions one after the other, with a Back button; false when the user leaves.
 *
 * @param interrupt ends the questions when it rejects
 * @throws what `interrupt` rejects with
 */
export async function askSteps(
  title: string,
  steps: readonly Step[],
  interrupt: Promise<unknown>,
): Promise<boolean> {
  for (let at = 0; at < steps.length;) {
    try {
      await steps[at]?.(new Ask(title, at + 1, steps.length, interrupt));
      at++;
    } catch (reason) {
      if (reason instanceof BackPressed) at--;
      else if (reason instanceof vscode.CancellationError) return false;
      else throw reason;
    }
  }
  return true;
}

/** Shows one question as a step of several. */
export class Ask {
  constructor(
    private readonly title: string,
    private readonly step: number,
    private readonly totalSteps: number,
    private readonly interrupt: Promise<unknown>,
  ) {}

  /** @throws CancellationError when the user leaves */
  async pick<T>(question: PickQuestion<T>): Promise<T> {
    const input = vscode.window.createQuickPick<PickItem<T>>();
    input.items = question.items;
    input.placeholder = question.placeholder;
    input.matchOnDescription = true;
    input.activeItems = question.items.filter(({ value }) => question.isCurrent(value));
    return this.show(input, () => input.activeItems[0]?.value);
  }

  /** @throws CancellationError when the user leaves */
  async text(question: TextQuestion): Promise<string> {
    const input = vscode.window.createInputBox();
    input.prompt = question.prompt;
    input.value = question.value;
    const check = (): string | undefined => {
      input.validationMessage = question.problem(input.value);
      return input.validationMessage === undefined ? input.value : undefined;
    };
    input.onDidChangeValue(check);
    return this.show(input, check);
  }

  private async show<T>(
    input: vscode.QuickPick<PickItem<T>> | vscode.InputBox,
    accept: () => T | undefined,
  ): Promise<T> {
    input.title = this.title;
    input.step = this.step;
    input.totalSteps = this.totalSteps;
    input.ignoreFocusOut = true;
    if (this.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
    try {
      return await new Promise<T>((resolve, reject) => {
        input.onDidAccept(() => {
          const value = accept();
          if (value !== undefined) resolve(value);
        });
        input.onDidTriggerButton(() => reject(new BackPressed()));
        this.interrupt.catch(reject);
        input.onDidHide(() => reject(new vscode.CancellationError()));
        input.show();
      });
    } finally {
      input.dispose();
    }
  }
}
