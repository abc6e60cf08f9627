import * as vscode from 'vscode';
import { fromSettings, type SettingValues } from '../options/table';

/** The user's settings for a net: what the questions start from. */
export interface Settings {
  /** What the settings say of the options of a run. */
  readonly options: SettingValues;
  /** Name of the file to save, with `${name}` for the net's file name without extension. */
  readonly outputName: string;
  readonly codeLens: boolean;
}

/** Reads the `ristretto.*` settings that hold for a file. */
export function readSettings(scope: vscode.Uri | undefined): Settings {
  const settings = vscode.workspace.getConfiguration('ristretto', scope);
  return {
    options: fromSettings((name) => settings.get(name)),
    outputName: settings.get<string>('outputName', '${name}_quantized.prototxt'),
    codeLens: settings.get<boolean>('codeLens', true),
  };
}
