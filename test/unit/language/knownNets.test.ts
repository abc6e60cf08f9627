import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../../src/language/analysis';
import { diagnose } from '../../../src/language/diagnostics/diagnose';
import { SourceText } from '../../../src/prototxt/source';
import { hasShared, repositoryRoot, shared } from '../../support/shared';
import { show } from './support';

function findingsOf(file: string): string[] {
  const analysis = new Analysis(new SourceText(file, readFileSync(file, 'utf8')));
  return diagnose(analysis).map((finding) => show(analysis, finding));
}

function prototxtsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.prototxt'))
    .map((name) => path.join(folder, name));
}

describe('nets that are right have no finding at all, not even a hint', () => {
  it('the bundled example', () => {
    const files = prototxtsIn(path.join(repositoryRoot, 'examples/mnist'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(findingsOf)).toEqual([]);
  });

  describe.skipIf(!hasShared('data/nets'))('public nets (skipped without ../shared)', () => {
    const files = hasShared('data/nets') ? prototxtsIn(shared('data/nets')) : [];

    it('there are many', () => {
      expect(files.length).toBeGreaterThan(60);
    });

    it.each(files.map((file) => [path.basename(file), file] as const))('%s', (_, file) => {
      expect(findingsOf(file)).toEqual([]);
    });

    it('every layer of a deploy definition has its shapes', () => {
      const unknown = files
        .filter((file) => /deploy/.test(file))
        .flatMap((file) => {
          const analysis = new Analysis(new SourceText(file, readFileSync(file, 'utf8')));
          return analysis.nets.flatMap((net) =>
            analysis.states(net).flatMap(({ shapes }) =>
              [...shapes]
                // How many boxes there are only running the net tells.
                .filter(([layer]) => layer.type !== 'DetectionOutput')
                .filter(([, { tops }]) => tops.some((top) => top?.includes(undefined) ?? true))
                .map(([layer]) => `${path.basename(file)} ${layer.name}`),
            ),
          );
        });
      expect(unknown).toEqual([]);
    });
  });

  describe.skipIf(!hasShared('reference/layers'))(
    'small nets of the original (skipped without ../shared)',
    () => {
      it('only hints about tops that are outputs on purpose, and one net that cannot be trained', () => {
        const found = prototxtsIn(shared('reference')).flatMap((file) =>
          findingsOf(file).map((finding) => `${path.basename(path.dirname(file))}: ${finding}`),
        );
        expect(found.filter((finding) => !finding.includes(' hint wiring/unused-top '))).toEqual([
          'rules-phase: 26 error wiring/missing-bottom «"r"» Bottom "r" is not made by any layer',
        ]);
      });
    },
  );
});
