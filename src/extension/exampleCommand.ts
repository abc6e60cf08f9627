import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Services } from './services';

/**
 * *Open the Example Network*: the bundled LeNet, copied to where results can be saved beside it;
 * a copy that is there already is opened as the user left it.
 */
export async function openExample({
  extensionFolder,
  globalStorage,
}: Services): Promise<vscode.Uri> {
  const folder = path.join(globalStorage, 'examples', 'mnist');
  const net = path.join(folder, 'lenet_train_test.prototxt');
  if (!existsSync(net)) {
    cpSync(path.join(extensionFolder, 'examples', 'mnist'), folder, { recursive: true });
  }
  const uri = vscode.Uri.file(net);
  await vscode.window.showTextDocument(uri, { preview: false });
  return uri;
}
