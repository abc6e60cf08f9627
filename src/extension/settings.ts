import * as vscode from 'vscode';
import type { Calibration, SearchKind } from '../quantize/report';
import type { TrimmingMode } from '../quantize/search';
import type { ProviderChoice } from '../runtime/provider';

/** The user's settings for a net: what the questions start from. */
export interface Settings {
  readonly mode: TrimmingMode;
  readonly search: SearchKind;
  readonly errorMargin: number;
  /** Batches to score on; undefined for every image once. */
  readonly iterations: number | undefined;
  readonly execution: ProviderChoice;
  readonly calibration: Calibration;
  readonly caffeRoot: string | undefined;
  /** Name of the file to save, with `${name}` for the net's file name without extension. */
  readonly outputName: string;
  readonly codeLens: boolean;
}

/** Reads the `ristretto.*` settings that hold for a file. */
export function readSettings(scope: vscode.Uri | undefined): Settings {
  const settings = vscode.workspace.getConfiguration('ristretto', scope);
  const device = settings.get<number>('cudaDevice', 0);
  const caffeRoot = settings.get<string>('caffeRoot', '').trim();
  return {
    mode: settings.get<TrimmingMode>('trimmingMode', 'dynamic_fixed_point'),
    search: settings.get<SearchKind>('search', 'best'),
    errorMargin: settings.get<number>('errorMargin', 2),
    iterations: settings.get<number | null>('iterations', null) ?? undefined,
    execution: providerChoice(settings.get<string>('executionProvider', 'auto'), device),
    calibration: settings.get<Calibration>('calibration', 'train'),
    caffeRoot: caffeRoot === '' ? undefined : caffeRoot,
    outputName: settings.get<string>('outputName', '${name}_quantized.prototxt'),
    codeLens: settings.get<boolean>('codeLens', true),
  };
}

function providerChoice(name: string, deviceId: number): ProviderChoice {
  switch (name) {
    case 'cpu':
    case 'webgpu':
      return { kind: name };
    case 'cuda':
      return { kind: name, deviceId };
    default:
      return { kind: 'auto', deviceId };
  }
}
