/**
 * Stands in for the package that the toolkit is built on (see `alias` in `esbuild.mjs`). The real
 * one asks with a `<style>` element whether the browser knows `:focus-visible`; the page's security
 * policy refuses that, and the toolkit would show a focus ring at every click of the mouse.
 */
export * from '../node_modules/@microsoft/fast-web-utilities/dist/index.js';

/** Every browser that VS Code brings does. */
export function canUseFocusVisible(): boolean {
  return true;
}
