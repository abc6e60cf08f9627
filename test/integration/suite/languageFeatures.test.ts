import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activateRistretto, exampleName, fileUri, readText, writeFile } from '../support';

async function openText(name: string, text: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(await writeFile(name, text));
}

/** The place right behind a part of the text. */
function behind(document: vscode.TextDocument, part: string): vscode.Position {
  const start = document.getText().indexOf(part);
  assert.notEqual(start, -1, `the text has no ${part}`);
  return document.positionAt(start + part.length);
}

/** `line: text` of a place. */
function show(document: vscode.TextDocument, range: vscode.Range): string {
  return `${range.start.line + 1}: ${document.getText(range)}`;
}

const net = `name: "n"
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 } } }
layer { name: "a" type: "TanH" bottom: "data" top: "x" }
layer { name: "r" type: "ReLU" bottom: "x" top: "x" }
layer { name: "b" type: "TanH" bottom: "x" top: "y" }
`;

describe('the structure of a prototxt', () => {
  before(activateRistretto);
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('has an outline', async () => {
    const document = await openText('outline.prototxt', readText(fileUri(exampleName)));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const names = (list: readonly vscode.DocumentSymbol[]): string[] =>
      list.flatMap(({ name, children }) => [name, ...names(children)]);
    const found = names(symbols);
    for (const name of ['mnist', 'conv1', 'ip2']) {
      assert.ok(found.includes(name), `${name} is not among ${found.join()}`);
    }
  });

  it('can be folded', async () => {
    const document = await openText('folding.prototxt', 'layer {\n  name: "a"\n  type: "X"\n}\n');
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      ranges.map(({ start, end }) => [start, end]),
      [[0, 2]],
    );
  });

  it('lets a selection grow', async () => {
    const document = await openText('selection.prototxt', net);
    const [range] = await vscode.commands.executeCommand<vscode.SelectionRange[]>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      [behind(document, 'name: "a')],
    );
    const texts: string[] = [];
    for (let at = range; at !== undefined; at = at.parent as vscode.SelectionRange) {
      texts.push(document.getText(at.range));
    }
    assert.ok(texts.includes('name: "a"'), texts.join('\n--\n'));
    assert.equal(texts.at(-1)?.trim(), net.trim());
  });
});

describe('names in a prototxt', () => {
  it('lead to the layer that makes a blob', async () => {
    const document = await openText('definition.prototxt', net);
    const links = await vscode.commands.executeCommand<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      behind(document, 'name: "b" type: "TanH" bottom: "x'),
    );
    const lines = links.map(({ targetRange }) => targetRange.start.line + 1);
    assert.ok(lines.includes(4) || lines.includes(3), lines.join());
  });

  it('have references', async () => {
    const document = await openText('references.prototxt', net);
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      behind(document, 'top: "x'),
    );
    const lines = new Set(found.map(({ range }) => range.start.line + 1));
    assert.deepEqual(lines, new Set([3, 4, 5]));
  });

  it('can be changed everywhere', async () => {
    const document = await openText('rename.prototxt', net);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      behind(document, 'top: "x'),
      'z',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), net.replaceAll('"x"', '"z"'));
  });

  it('are not changed to one that is taken', async () => {
    const document = await openText('clash.prototxt', net);
    await assert.rejects(
      Promise.resolve(
        vscode.commands.executeCommand(
          'vscode.executeDocumentRenameProvider',
          document.uri,
          behind(document, 'top: "x'),
          'y',
        ),
      ),
      /y/,
    );
    assert.equal(document.getText(), net);
  });

  it('are marked where they stand', async () => {
    const document = await openText('highlights.prototxt', net);
    const found = await vscode.commands.executeCommand<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      document.uri,
      behind(document, 'top: "x'),
    );
    assert.equal(found.length, 4, found.map(({ range }) => show(document, range)).join());
  });
});

describe('the layout of a prototxt', () => {
  const wild = '# kept\nlayer{name:"a"   type: "TanH"\n      bottom:"x"\ntop: "y" }\n';

  async function apply(document: vscode.TextDocument, edits: vscode.TextEdit[]): Promise<string> {
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    return document.getText();
  }

  const options = { tabSize: 2, insertSpaces: true };
  const format = (uri: vscode.Uri): Thenable<vscode.TextEdit[] | undefined> =>
    vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', uri, options);

  it('is put right as a whole, once', async () => {
    const document = await openText('format.prototxt', wild);
    const text = await apply(document, (await format(document.uri)) ?? []);
    assert.match(text, /^# kept\nlayer \{\n {2}name: "a"/);
    assert.deepEqual((await format(document.uri)) ?? [], []);
  });

  it('is put right in part', async () => {
    const document = await openText('range.prototxt', `a {\nb: 1\n}\nc {\nd: 1\n}\n`);
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatRangeProvider',
      document.uri,
      new vscode.Range(3, 0, 5, 1),
      options,
    );
    assert.equal(await apply(document, edits), 'a {\nb: 1\n}\nc {\n  d: 1\n}\n');
  });

  it('is put right while one types', async () => {
    const document = await openText('typing.prototxt', 'a {\n  b: 1\n    }\n');
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatOnTypeProvider',
      document.uri,
      new vscode.Position(2, 5),
      '}',
      options,
    );
    assert.equal(await apply(document, edits), 'a {\n  b: 1\n}\n');
  });
});
