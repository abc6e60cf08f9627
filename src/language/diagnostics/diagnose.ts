import type { Analysis } from '../analysis';
import type { Finding } from './finding';
import { layerTypeFindings } from './layerTypes';
import { quantizationFindings } from './quantization';
import { schemaFindings } from './schema';
import { setupFindings } from './setup';
import { shapeFindings } from './shapes';
import { syntaxFindings } from './syntax';
import { wiringFindings } from './wiring';

/** Everything that is wrong with a document by itself, in file order; looks at no other file. */
export function diagnose(analysis: Analysis): readonly Finding[] {
  const text = [...syntaxFindings(analysis), ...schemaFindings(analysis)];
  const setup = setupFindings(analysis);
  // A layer that has an error already is not told another one that may follow from it.
  const errors = [...text, ...setup]
    .filter(({ severity }) => severity === 'error')
    .map(({ range }) => range);
  return [
    ...text,
    ...layerTypeFindings(analysis),
    ...wiringFindings(analysis),
    ...setup,
    ...shapeFindings(analysis, errors),
    ...quantizationFindings(analysis),
  ].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
