import { shown } from '../base/shown';

/**
 * A text out of a file as code in Markdown: whatever it holds, it is no link, no markup and no HTML, and
 * stays on its line.
 */
export function code(text: string): string {
  const safe = shown(text);
  const runs = [...safe.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(1 + Math.max(0, ...runs));
  // A backtick at an end would be taken for one of the fence's, and one blank at both ends is dropped.
  const padding = /^[` ]|[` ]$/.test(safe) ? ' ' : '';
  return safe === '' ? '""' : `${fence}${padding}${safe}${padding}${fence}`;
}

/** A name out of a file in bold print; as code too where Markdown could take it for something else. */
export function bold(name: string): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9_/-]*$/.test(name) && !/__|_$/.test(name);
  return `**${isPlain ? name : code(name)}**`;
}
