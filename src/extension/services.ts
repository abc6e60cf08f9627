import type * as vscode from 'vscode';
import type { RunController } from '../runs/runController';
import type { RunStore } from '../runs/runStore';
import type { ScoreFiles } from '../runs/scoreFiles';
import type { Answers } from './answers';
import type { Milestones } from './milestones';
import type { ResultsPanels } from './resultsPanels';

/** What the commands work with; made once by `activate`. */
export interface Services {
  readonly runs: RunController;
  readonly store: RunStore;
  readonly scores: ScoreFiles;
  readonly answers: Answers;
  readonly panels: ResultsPanels;
  readonly milestones: Milestones;
  readonly log: vscode.LogOutputChannel;
  /** Path of the engine's bundle. */
  readonly engine: string;
  /** Folder of the extension. */
  readonly extensionFolder: string;
  /** Folder of this extension that is there in every workspace. */
  readonly globalStorage: string;
}
