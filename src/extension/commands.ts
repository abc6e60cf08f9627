import * as vscode from 'vscode';
import { commandIds, type CommandId } from './commandIds';
import { convertNetwork } from './convertCommand';
import { installCuda } from './cudaCommand';
import { openExample } from './exampleCommand';
import { showFailure } from './failures';
import { quantizeAgain, quantizeNetwork, type QuantizeArguments } from './quantizeCommand';
import { cancelRun, compareTwoRuns, deleteRuns, showRun, showRuns } from './runCommands';
import { scoreNetwork } from './scoreCommand';
import type { Services } from './services';
import { showResults } from './showResultsCommand';
import { requireTrust } from './trust';

type NetCommand = (
  services: Services,
  uri: vscode.Uri | undefined,
  options?: QuantizeArguments,
) => Promise<unknown>;

/** Commands about a net, which need its workspace to be trusted: they run native code on its files. */
const netCommands: Readonly<Partial<Record<CommandId, NetCommand>>> = {
  [commandIds.quantize]: quantizeNetwork,
  [commandIds.quantizeAgain]: quantizeAgain,
  [commandIds.score]: scoreNetwork,
  [commandIds.convert]: convertNetwork,
  [commandIds.showResults]: showResults,
};

type OtherCommand = (...args: readonly unknown[]) => unknown;

/** Registers every command of the manifest. */
export function registerCommands(services: Services): vscode.Disposable[] {
  const { log } = services;
  const others: Readonly<Partial<Record<CommandId, OtherCommand>>> = {
    [commandIds.showRun]: (run) => showRun(services, run),
    [commandIds.showRuns]: () => showRuns(services, undefined),
    [commandIds.compareRuns]: (run, all) => compareTwoRuns(services, run, all),
    [commandIds.deleteRun]: (run, all) => deleteRuns(services, run, all),
    [commandIds.cancelRun]: (run) => cancelRun(services, run),
    [commandIds.cancel]: () => cancelRun(services, undefined),
    [commandIds.openExample]: () => openExample(services),
    [commandIds.openWalkthrough]: () =>
      vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        'ristretto.ristretto-vscode#quantizeFirstNetwork',
      ),
    [commandIds.installCuda]: installCuda,
    [commandIds.showLog]: () => log.show(),
  };
  return [
    ...Object.entries(netCommands).map(([id, command]) =>
      register(id, log, async (first, second) => {
        requireTrust();
        return command(services, asUri(first), asOptions(second));
      }),
    ),
    ...Object.entries(others).map(([id, command]) => register(id, log, command)),
  ];
}

/** Registers a command that shows its failures instead of throwing them. */
function register(
  id: string,
  log: vscode.LogOutputChannel,
  command: (...args: readonly unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
    try {
      return await command(...args);
    } catch (cause) {
      void showFailure(cause, log);
      return undefined;
    }
  });
}

/** Menus pass a file; the palette passes nothing. */
function asUri(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : undefined;
}

/** Menus pass a list of all selected files in second place, CodeLenses and tests pass options. */
function asOptions(argument: unknown): QuantizeArguments {
  const isOptions = typeof argument === 'object' && argument !== null && !Array.isArray(argument);
  return isOptions ? argument : {};
}
