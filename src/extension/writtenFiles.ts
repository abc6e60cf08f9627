import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { notificationText } from '../runs/view/notificationText';

/** Says that a file was written, and leads to it. */
export function tellWritten(file: string, verb: 'Saved' | 'Wrote', detail = ''): void {
  const uri = vscode.Uri.file(file);
  const open = 'Open';
  const reveal = 'Reveal';
  // VS Code shows no binary file of use.
  const titles = path.extname(file) === '.onnx' ? [reveal] : [open, reveal];
  void vscode.window
    .showInformationMessage(
      notificationText(`${verb} ${path.basename(file)}${detail === '' ? '' : `, ${detail}`}`),
      ...titles,
    )
    .then(async (picked) => {
      if (picked === open) await vscode.window.showTextDocument(uri);
      else if (picked === reveal) await vscode.commands.executeCommand('revealInExplorer', uri);
    });
}

/** Says that a text is on the clipboard, and shows what is there. */
export function tellCopied(what: string, text: string): void {
  const open = 'Open';
  void vscode.window
    .showInformationMessage(`The ${what} is on the clipboard.`, open)
    .then(async (picked) => {
      if (picked !== open) return;
      await vscode.window.showTextDocument(
        await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' }),
      );
    });
}

/** Whether a file holds just these bytes already: writing it again would ask for nothing. */
export function holds(file: string, bytes: Uint8Array): boolean {
  return existsSync(file) && Buffer.from(bytes).equals(readFileSync(file));
}
