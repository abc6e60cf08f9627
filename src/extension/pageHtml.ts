import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The results page: nothing but its own script and style may load, and nothing inline. */
export function pageHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Ristretto results</title>
    <link rel="stylesheet" href="${uri('webview.css')}" />
  </head>
  <body>
    <main id="page"></main>
    <script nonce="${nonce}" src="${uri('webview.js')}"></script>
  </body>
</html>
`;
}
