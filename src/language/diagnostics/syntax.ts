import type { Diagnostic } from '../../prototxt/diagnostic';
import type { Analysis } from '../analysis';
import { removeFix, replaceFix, type Finding, type QuickFix } from './finding';

/** What the parser reports; one error does not hide the next. */
export function syntaxFindings(analysis: Analysis): Finding[] {
  return analysis.syntax.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    family: 'syntax',
    fixes: () => fixesOf(analysis.text, diagnostic),
  }));
}

function fixesOf(text: string, { code, message, range }: Diagnostic): QuickFix[] {
  const after = { start: range.end, end: range.end };
  const before = { start: range.start, end: range.start };
  switch (code) {
    case 'syntax/expected-colon': {
      const name = /after '([^']*)'/.exec(message)?.[1] ?? '';
      const at = text.lastIndexOf(name, range.start - (name === '' ? 0 : 1)) + name.length;
      if (name === '' || text.slice(at, range.start).trim() !== '') return [];
      return [replaceFix("Add the missing ':'", { start: at, end: at }, ':')];
    }
    case 'syntax/missing-space':
      return [replaceFix('Add a space', before, ' ')];
    case 'syntax/unterminated-string':
      return [replaceFix('Close the string', after, text[range.start] ?? '"')];
    case 'syntax/expected-comma':
      return [replaceFix("Add the missing ','", before, ', ')];
    case 'syntax/unclosed-message':
      return [closeAtEnd(text, text[range.start] === '<' ? '>' : '}')];
    case 'syntax/mismatched-close': {
      const expected = /^Expected '(.)'/.exec(message)?.[1] ?? '}';
      return [replaceFix(`Change it to '${expected}'`, range, expected)];
    }
    case 'syntax/unexpected-close':
    case 'syntax/invalid-character':
      return [
        removeFix(text, `Remove ${JSON.stringify(text.slice(range.start, range.end))}`, range),
      ];
    default:
      return [];
  }
}

function closeAtEnd(text: string, bracket: string): QuickFix {
  const end = text.trimEnd().length;
  const range = { start: end, end: text.length };
  return replaceFix(`Close it at the end of the file`, range, `\n${bracket}\n`);
}
