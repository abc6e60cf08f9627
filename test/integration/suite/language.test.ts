import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto, exampleName, fileUri, readText, writeFile } from '../support';

/** Waits until what is wrong with a document fulfils a condition. */
async function diagnosticsOf(
  uri: vscode.Uri,
  condition: (codes: readonly unknown[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  for (let round = 0; round < 100; round++) {
    const found = vscode.languages.getDiagnostics(uri);
    if (condition(found.map(({ code }) => code))) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const found = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
  throw new Error(`the diagnostics stayed as they are: ${JSON.stringify(found)}`);
}

async function replaceText(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.notEqual(start, -1, `the text has no ${from}`);
  const range = new vscode.Range(
    document.positionAt(start),
    document.positionAt(start + from.length),
  );
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The place right behind a part of the text. */
function behind(document: vscode.TextDocument, part: string): vscode.Position {
  const start = document.getText().indexOf(part);
  assert.notEqual(start, -1, `the text has no ${part}`);
  return document.positionAt(start + part.length);
}

/** A copy of the example under another name, opened. */
async function openCopy(name: string): Promise<vscode.TextDocument> {
  const uri = await writeFile(name, readText(fileUri(exampleName)));
  return vscode.workspace.openTextDocument(uri);
}

describe('the prototxt language', () => {
  before(activateRistretto);

  describe('diagnostics', () => {
    it('there are none for the example', async () => {
      const document = await openCopy('clean.prototxt');
      await replaceText(document, 'bottom: "conv1"', 'bottom: "conv"');
      await diagnosticsOf(document.uri, (codes) => codes.length > 0);
      await replaceText(document, 'bottom: "conv"', 'bottom: "conv1"');
      await diagnosticsOf(document.uri, (codes) => codes.length === 0);
    });

    it('come as one types, and a fix takes them away', async () => {
      const document = await openCopy('typo.prototxt');
      await replaceText(document, 'bottom: "conv1"', 'bottom: "conv"');
      const [found] = await diagnosticsOf(document.uri, (codes) =>
        codes.includes('wiring/missing-bottom'),
      );
      assert.ok(found);
      assert.equal(found.source, 'ristretto');
      assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
      assert.equal(document.getText(found.range), '"conv"');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        found.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = actions.find(({ title }) => title === 'Change to "conv1"');
      assert.ok(fix?.edit, actions.map(({ title }) => title).join());
      assert.ok(fix.isPreferred);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await diagnosticsOf(document.uri, (codes) => codes.length === 0);
    });

    it('tell of data that do not exist', async () => {
      const document = await openCopy('sources.prototxt');
      await replaceText(document, 'mnist_train_lmdb', 'nowhere_lmdb');
      const found = await diagnosticsOf(document.uri, (codes) => codes.includes('source/missing'));
      assert.equal(found.length, 1);
      assert.match(
        found[0]?.message ?? '',
        /Cannot find the source "nowhere_lmdb", tried .*nowhere_lmdb/,
      );
      assert.equal(found[0]?.severity, vscode.DiagnosticSeverity.Information);
    });

    it('have the severity that the settings say, or none', async () => {
      const document = await openCopy('severity.prototxt');
      await replaceText(document, 'bottom: "conv1"', 'bottom: "conv"');
      await diagnosticsOf(document.uri, (codes) => codes.includes('wiring/missing-bottom'));
      const settings = vscode.workspace.getConfiguration('ristretto.diagnostics');
      const target = vscode.ConfigurationTarget.Workspace;
      try {
        await settings.update('wiring', 'hint', target);
        for (let round = 0; round < 100; round++) {
          const [found] = vscode.languages.getDiagnostics(document.uri);
          if (found?.severity === vscode.DiagnosticSeverity.Hint) break;
          assert.ok(round < 99, 'the severity stayed');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await settings.update('wiring', 'off', target);
        await diagnosticsOf(document.uri, (codes) => !codes.includes('wiring/missing-bottom'));
      } finally {
        await settings.update('wiring', undefined, target);
      }
    });

    it('work for a document that is not saved', async () => {
      const document = await vscode.workspace.openTextDocument({
        language: 'prototxt',
        content: 'layer { name: "a" type: "Relu" bottom: "x" top: "a" }\n',
      });
      assert.equal(document.uri.scheme, 'untitled');
      await diagnosticsOf(document.uri, (codes) => codes.includes('layer/unknown-type'));
    });
  });

  describe('completion', () => {
    async function complete(
      document: vscode.TextDocument,
      part: string,
    ): Promise<vscode.CompletionItem[]> {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        behind(document, part),
      );
      return items;
    }
    const labels = (items: readonly vscode.CompletionItem[]): string[] =>
      items.map(({ label }) => (typeof label === 'string' ? label : label.label));

    it('blobs behind bottom', async () => {
      const document = await openCopy('bottoms.prototxt');
      const found = labels(await complete(document, 'bottom: "'));
      assert.ok(found.includes('data'), found.join());
      assert.ok(!found.includes('conv2'), found.join());
    });

    it('fields of the message one is in, with what they mean', async () => {
      const document = await openCopy('fields.prototxt');
      await replaceText(document, 'kernel_size: 5', 'kernel_size: 5\n    ');
      const items = await complete(document, 'kernel_size: 5\n    ');
      const stride = items.find(
        ({ label }) => typeof label === 'object' && label.label === 'stride',
      );
      assert.ok(stride, labels(items).join());
      assert.ok(stride.documentation instanceof vscode.MarkdownString);
      assert.match(stride.documentation.value, /Steps that the window moves by/);
    });

    it('whole layers as snippets', async () => {
      const uri = await writeFile('empty.prototxt', 'name: "n"\n\n');
      const document = await vscode.workspace.openTextDocument(uri);
      const items = await complete(document, 'name: "n"\n');
      const found = items.find(
        ({ label }) => typeof label === 'object' && label.label === 'layer Convolution',
      );
      assert.ok(found?.insertText instanceof vscode.SnippetString);
      assert.match(found.insertText.value, /num_output: \$\{10:32\}/);
    });

    it('files behind source', async () => {
      const document = await openCopy('files.prototxt');
      const found = labels(await complete(document, 'source: "'));
      assert.ok(found.includes('mnist_train_lmdb'), found.join());
    });
  });

  describe('hover', () => {
    async function hover(document: vscode.TextDocument, part: string): Promise<string> {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        behind(document, part),
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((content) => (typeof content === 'string' ? content : content.value))
        .join('\n');
    }

    it('a field and a layer', async () => {
      const document = await openCopy('hover.prototxt');
      assert.match(await hover(document, 'kernel_si'), /Size of the filters/);
      const layer = await hover(document, 'name: "con');
      assert.match(layer, /`conv1` 100x20x24x24/);
      assert.match(layer, /parameters: 520/);
      assert.match(layer, /multiply-accumulates: 288,000/);
    });
  });

  it('the net of a solver is a link', async () => {
    const uri = await writeFile('linked.prototxt', `net: "${exampleName}"\nbase_lr: 0.1\n`);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      uri,
    );
    // VS Code adds links of its own, and in a browser files have another scheme.
    const shown = links.map(
      ({ range, target }) => `${document.getText(range)} to ${target?.path ?? 'nowhere'}`,
    );
    assert.ok(shown.includes(`${exampleName} to ${fileUri(exampleName).path}`), shown.join('; '));
  });

  describe('shape hints', () => {
    async function hints(document: vscode.TextDocument): Promise<string[]> {
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        all,
      );
      return found.map(({ position, label }) => {
        const text = typeof label === 'string' ? label : label.map(({ value }) => value).join('');
        return `${document.lineAt(position.line).text.trim()} ${text}`;
      });
    }

    it('know the images of the database', async () => {
      const document = await openCopy('hints.prototxt');
      await diagnosticsOf(document.uri, (codes) => codes.length === 0);
      assert.ok((await hints(document)).includes('top: "conv1" → 100x20x24x24'));
    });

    it('can be switched off', async () => {
      const document = await openCopy('off.prototxt');
      const settings = vscode.workspace.getConfiguration('ristretto.inlayHints');
      await settings.update('shapes', false, vscode.ConfigurationTarget.Workspace);
      try {
        assert.deepEqual(await hints(document), []);
      } finally {
        await settings.update('shapes', undefined, vscode.ConfigurationTarget.Workspace);
      }
      assert.notDeepEqual(await hints(document), []);
    });
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
});
