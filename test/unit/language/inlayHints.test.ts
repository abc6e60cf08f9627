import path from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { databaseSources, firstImageSize } from '../../../src/language/databaseImages';
import type { KnownImages } from '../../../src/language/dataTops';
import { inlayHints } from '../../../src/language/inlayHints';
import { repositoryRoot } from '../../support/shared';
import { analysisOf } from './support';

/** `line blob -> shape` of all hints. */
function hintsIn(text: string, images?: KnownImages): string[] {
  const analysis = analysisOf(text, images);
  return inlayHints(analysis, analysis.root.range).map(({ offset, text: hint }) => {
    const { line } = analysis.source.positionAt(offset);
    const blob = /"([^"]*)"$/.exec(analysis.text.slice(0, offset))?.[1] ?? '?';
    return `${line} ${blob} ${hint}`;
  });
}

const layer = (type: string, bottom: string, top: string, param = ''): string =>
  `layer { name: "${top}" type: "${type}" ${bottom === '' ? '' : `bottom: "${bottom}"`} top: "${top}" ${param} }\n`;

const convolution = 'convolution_param { num_output: 20 kernel_size: 5 }';

describe('shape hints', () => {
  it('can leave out what is not wholly known, as texts of the past do', () => {
    const text =
      layer('Data', '', 'd', 'data_param { batch_size: 9 }') +
      layer('Input', '', 'i', 'input_param { shape { dim: 1 dim: 3 } }');
    const analysis = analysisOf(text);
    const hints = inlayHints(analysis, analysis.root.range, false);
    expect(hints.map((hint) => hint.text)).toEqual(['→ 1x3']);
  });

  it('stand behind every top', () => {
    const text =
      layer('Input', '', 'data', 'input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } }') +
      layer('Convolution', 'data', 'c', convolution) +
      layer('Softmax', 'c', 'p');
    expect(hintsIn(text)).toEqual(['1 data → 1x3x8x8', '2 c → 1x20x4x4', '3 p → 1x20x4x4']);
  });

  it.each([
    [
      'crop_size gives the sides',
      layer('Data', '', 'd', 'data_param { batch_size: 9 } transform_param { crop_size: 8 }'),
      '9x?x8x8',
    ],
    [
      'several mean values give the channels',
      layer(
        'Data',
        '',
        'd',
        'data_param { batch_size: 9 } transform_param { mean_value: [1, 2, 3] }',
      ),
      '9x3x?x?',
    ],
    [
      'images are coloured and resized',
      layer('ImageData', '', 'd', 'image_data_param { batch_size: 2 new_height: 6 new_width: 7 }'),
      '2x3x6x7',
    ],
    [
      'arrays say all',
      layer(
        'MemoryData',
        '',
        'd',
        'memory_data_param { batch_size: 2 channels: 1 height: 3 width: 4 }',
      ),
      '2x1x3x4',
    ],
    [
      'HDF5 rows have any shape',
      layer('HDF5Data', '', 'd', 'hdf5_data_param { batch_size: 5 }'),
      '5x?',
    ],
    [
      'fillers have a shape',
      layer('DummyData', '', 'd', 'dummy_data_param { shape { dim: 2 dim: 3 } }'),
      '2x3',
    ],
  ])('%s', (_, text, expected) => {
    expect(hintsIn(text)).toEqual([`1 d → ${expected}`]);
  });

  it('sizes that do not depend on what is unknown are shown', () => {
    const text =
      layer('Data', '', 'd', 'data_param { batch_size: 9 }') +
      layer('Convolution', 'd', 'c', convolution) +
      layer('Pooling', 'c', 'p', 'pooling_param { global_pooling: true }') +
      layer('InnerProduct', 'c', 'f', 'inner_product_param { num_output: 7 }');
    expect(hintsIn(text)).toEqual([
      '1 d → 9x?x?x?',
      '2 c → 9x20x?x?',
      '3 p → 9x20x1x1',
      '4 f → 9x7',
    ]);
  });

  it('windows and groups of usual sizes fit into images of unknown size', () => {
    const settings = 'num_output: 96 kernel_size: 224 stride: 4 group: 6';
    const text =
      layer('Data', '', 'd', 'data_param { batch_size: 9 }') +
      layer('Convolution', 'd', 'c', `convolution_param { ${settings} }`);
    expect(hintsIn(text)[1]).toBe('2 c → 9x96x?x?');
  });

  it('a faulty layer hides only what follows from it', () => {
    const text =
      layer('Input', '', 'a', 'input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } }') +
      layer('Convolution', 'a', 'c') +
      layer('ReLU', 'c', 'r') +
      layer('TanH', 'a', 't') +
      layer('TanH', 'nobody', 'u');
    expect(hintsIn(text)).toEqual(['1 a → 1x3x8x8', '4 t → 1x3x8x8']);
  });

  it('TEST comes before TRAIN', () => {
    const data = (phase: string, size: number): string =>
      layer(
        'Data',
        '',
        'd',
        `include { phase: ${phase} } data_param { batch_size: ${size} } transform_param { crop_size: 4 force_color: true }`,
      );
    const text = data('TRAIN', 8) + data('TEST', 2) + layer('TanH', 'd', 't');
    expect(hintsIn(text)).toEqual(['1 d → 8x3x4x4', '2 d → 2x3x4x4', '3 t → 2x3x4x4']);
  });

  it('old forms have them, too', () => {
    const text =
      'input: "d" input_dim: 1 input_dim: 1 input_dim: 4 input_dim: 4\n' +
      'layers { layer { name: "pad" type: "padding" pad: 1 } bottom: "d" top: "e" }\n' +
      'layers { layer { name: "c" type: "conv" num_output: 2 kernelsize: 3 } bottom: "e" top: "c" }\n';
    expect(hintsIn(text)).toEqual(['1 d → 1x1x4x4', '3 c → 1x2x4x4']);
    const v1 =
      'input: "d" input_dim: 1 input_dim: 1 input_dim: 4 input_dim: 4\n' +
      'layers { name: "f" type: INNER_PRODUCT bottom: "d" top: "f" inner_product_param { num_output: 2 } }\n';
    expect(hintsIn(v1)).toEqual(['1 d → 1x1x4x4', '2 f → 1x2']);
    // A net that a solver holds.
    expect(hintsIn(`base_lr: 1 net_param {\n${v1}}\n`)).toEqual(['2 d → 1x1x4x4', '3 f → 1x2']);
  });

  it('only the part that shows is answered', () => {
    const text =
      layer('Input', '', 'a', 'input_param { shape { dim: 1 } }') + layer('TanH', 'a', 't');
    const analysis = analysisOf(text);
    const range = { start: text.indexOf('\n'), end: text.length };
    expect(inlayHints(analysis, range).map((hint) => hint.text)).toEqual(['→ 1']);
    expect(inlayHints(analysis, range)[0]?.tooltip()).toContain('**t** `TanH`');
  });
});

describe('databases', () => {
  const folder = path.join(repositoryRoot, 'examples/mnist');
  const net = readFileSync(path.join(folder, 'lenet_train_test.prototxt'), 'utf8');

  it('the first image tells the size', () => {
    expect(firstImageSize(path.join(folder, 'mnist_test_lmdb'))).toEqual({
      channels: 1,
      height: 28,
      width: 28,
    });
  });

  it.each(['nowhere', 'test/fixtures/lmdb/bad', 'test/fixtures/lmdb/empty'])(
    '%s tells nothing',
    (place) => {
      expect(firstImageSize(path.join(repositoryRoot, place))).toBeUndefined();
    },
  );

  it('the example has all its shapes then', () => {
    const sources = databaseSources(analysisOf(net));
    expect(sources).toEqual(['mnist_train_lmdb', 'mnist_test_lmdb']);
    const images = new Map(
      sources.map((source) => [source, { channels: 1, height: 28, width: 28 }]),
    );
    const hints = hintsIn(net, images).map((hint) => hint.replace(/^\d+ /, ''));
    expect(hints).toEqual(
      expect.arrayContaining(['data → 100x1x28x28', 'conv1 → 100x20x24x24', 'ip2 → 100x10']),
    );
    expect(hints.join()).not.toContain('?');
  });
});
