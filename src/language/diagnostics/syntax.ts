import type { Diagnostic } from '../../prototxt/diagnostic';
import { lineIndent } from '../../prototxt/layout';
import type { Analysis } from '../analysis';
import { placeAt } from '../placeAt';
import { removeFix, replaceFix, type Finding, type QuickFix } from './finding';

/** What the parser reports; one error does not hide the next. */
export function syntaxFindings(analysis: Analysis): Finding[] {
  return analysis.syntax.diagnostics.map((diagnostic) => ({
    ...diagnostic,
    family: 'syntax',
    fixes: () => fixesOf(analysis, diagnostic),
  }));
}

function fixesOf(analysis: Analysis, { code, message, range }: Diagnostic): QuickFix[] {
  const { text } = analysis;
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
      return [closeMessage(analysis, range.start)];
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

/** Closes a message behind what was read of it. */
function closeMessage(analysis: Analysis, open: number): QuickFix {
  const { text } = analysis;
  const { message } = placeAt(analysis, open + 1);
  const at = message.range.end;
  const bracket = text[open] === '<' ? '>' : '}';
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const newText = `${lineEnd}${lineIndent(text, open)}${bracket}`;
  const { line } = analysis.source.positionAt(at);
  return replaceFix(`Close it after line ${line}`, { start: at, end: at }, newText);
}
