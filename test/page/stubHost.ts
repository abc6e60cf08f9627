/**
 * A script that stands in for what VS Code gives a page: its API, whose state outlives a reload,
 * and the theme. Records what is posted and what goes wrong.
 */
export function stubScript(variables: Readonly<Record<string, string>>): string {
  return `
    window.posted = [];
    window.troubles = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.troubles.push('policy: ' + event.violatedDirective + ' ' + event.sourceFile + ':' +
        event.lineNumber + ' ' + event.sample);
    });
    window.addEventListener('error', (event) => {
      // The browser says so when a size changes twice within a frame; nothing is wrong.
      if (!/ResizeObserver loop/.test(event.message)) window.troubles.push('error: ' + event.message);
    });
    let state = JSON.parse(sessionStorage.state ?? 'null') ?? undefined;
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => { window.posted.push(JSON.parse(JSON.stringify(message))); },
      getState: () => state,
      setState: (next) => {
        state = JSON.parse(JSON.stringify(next));
        sessionStorage.state = JSON.stringify(next);
        return next;
      },
    });
    const variables = ${JSON.stringify(variables).replaceAll('<', '\\u003c')};
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty('--' + name, value);
    }
    // VS Code draws the editor's ground behind the page.
    document.documentElement.style.backgroundColor = variables['vscode-editor-background'];
  `;
}
