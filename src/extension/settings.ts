import * as vscode from 'vscode';
import type { Objective } from '../quantize/costs';
import type { Calibration, SearchKind } from '../quantize/report';
import type { TrimmingMode } from '../quantize/modes/modes';
import type { ProviderChoice } from '../runtime/provider';

/** The user's settings for a net: what the questions start from. */
export interface Settings {
  readonly mode: TrimmingMode;
  readonly search: SearchKind;
  /** What the best search saves; undefined for its own choice. */
  readonly objective: Objective | undefined;
  readonly errorMargin: number;
  /** Batches to score on; undefined for every image once. */
  readonly iterations: number | undefined;
  readonly execution: ProviderChoice;
  readonly calibration: Calibration;
  /** Output to score by, as the engine names it; undefined for the usual one. */
  readonly scoreBlob: string | undefined;
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
  const scoreBy = settings.get<string>('scoreBy', '').trim();
  return {
    mode: settings.get<TrimmingMode>('trimmingMode', 'dynamic_fixed_point'),
    search: settings.get<SearchKind>('search', 'best'),
    objective: readObjective(settings.get<string>('objective', 'weightBytes')),
    errorMargin: settings.get<number>('errorMargin', 2),
    iterations: settings.get<number | null>('iterations', null) ?? undefined,
    execution: providerChoice(settings.get<string>('executionProvider', 'auto'), device),
    calibration: settings.get<Calibration>('calibration', 'train'),
    scoreBlob: scoreBy === '' ? undefined : scoreBy,
    caffeRoot: caffeRoot === '' ? undefined : caffeRoot,
    outputName: settings.get<string>('outputName', '${name}_quantized.prototxt'),
    codeLens: settings.get<boolean>('codeLens', true),
  };
}

/** Weight bytes are the search's own choice, which counts activations a little too. */
function readObjective(name: string): Objective | undefined {
  const none = { weightBytes: 0, activationBits: 0, bitOperations: 0 };
  if (name === 'activationBits') return { ...none, activationBits: 1 };
  if (name === 'bitOperations') return { ...none, bitOperations: 1 };
  return undefined;
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
