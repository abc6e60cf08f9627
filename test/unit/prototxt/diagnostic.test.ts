import { describe, expect, it } from 'vitest';
import { formatDiagnostic, throwOnError } from '../../../src/prototxt/diagnostic';
import { parsePrototxt } from '../../../src/prototxt/parse';
import { SourceText } from '../../../src/prototxt/source';
import type { UserError } from '../../../src/base/userError';

describe('diagnostics', () => {
  const source = new SourceText('nets/a.prototxt', '[x.y]: 1\nname "a"\n}');
  const { diagnostics } = parsePrototxt(source);

  it('print like those of a compiler', () => {
    expect(diagnostics.map((diagnostic) => formatDiagnostic(source, diagnostic))).toEqual([
      `nets/a.prototxt:1:1: '[x.y]' is an extension, which is not known here: ignored`,
      `nets/a.prototxt:2:6: Expected ':' after 'name', found "a"`,
      `nets/a.prototxt:3:1: '}' closes nothing`,
    ]);
  });

  it('stop the work at the first error', () => {
    expect(() => throwOnError(source, diagnostics)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        code: 'syntax/expected-colon',
        message: `nets/a.prototxt:2:6: Expected ':' after 'name', found "a"`,
        place: { file: 'nets/a.prototxt', line: 2, column: 6 },
      }) as UserError,
    );
  });

  it('let warnings pass', () => {
    expect(() => throwOnError(source, diagnostics.slice(0, 1))).not.toThrow();
  });
});
