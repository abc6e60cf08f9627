import { describe, expect, it } from 'vitest';
import { sourceFindings } from '../../../src/language/diagnostics/sources';
import { analysisOf, show } from './support';

async function missingIn(text: string, there: readonly string[]): Promise<string[]> {
  const asked: string[] = [];
  const analysis = analysisOf(text);
  const found = await sourceFindings(analysis, {
    placesOf: (path) => (path.startsWith('/') ? [path] : [`/here/${path}`, `/net/${path}`]),
    exists: (place) => {
      asked.push(place);
      return Promise.resolve(there.includes(place));
    },
  });
  expect(new Set(asked).size).toBe(asked.length);
  return found.map((finding) => show(analysis, finding));
}

describe('data that do not exist', () => {
  const data = (fields: string): string => `layer { name: "d" type: "Data" top: "d" ${fields} }\n`;

  it('are told with all places that were tried', async () => {
    expect(await missingIn(data('data_param { source: "a" }'), [])).toEqual([
      '1 information source/missing «"a"» Cannot find the source "a", tried /here/a, /net/a',
    ]);
  });

  it('are not, where one of the places has them', async () => {
    expect(await missingIn(data('data_param { source: "a" }'), ['/net/a'])).toEqual([]);
  });

  it.each([
    [
      data('transform_param { mean_file: "m" }'),
      '1 information source/missing «"m"» Cannot find the mean_file "m"',
    ],
    [
      'layers { layer { type: "data" source: "s" meanfile: "/m" } top: "d" }',
      '1 information source/missing «"s"» Cannot find the source "s"',
    ],
    ['net: "n"\nbase_lr: 1', '1 information source/missing «"n"» Cannot find the net "n"'],
    [
      'test_net: "t"\nnet_param { layer { image_data_param { source: "l" } } }',
      '2 information source/missing «"l"» Cannot find the source "l"',
    ],
  ])('%s', async (text, expected) => {
    const found = await missingIn(text, ['/m', '/here/t']);
    expect(found.map((line) => line.replace(/, tried.*/, ''))).toEqual([expected]);
  });

  it('each path is looked up once', async () => {
    const twice = data('data_param { source: "a" }') + data('data_param { source: "a" }');
    expect(await missingIn(twice, [])).toHaveLength(2);
  });

  it.each([
    'snapshot_prefix: "x"\nbase_lr: 1',
    'layer { source: 3 }',
    'item { source: "a" }',
    data('data_param { source: "" }'),
  ])('nothing is asked of %s', async (text) => {
    expect(await missingIn(text, [])).toEqual([]);
  });
});
