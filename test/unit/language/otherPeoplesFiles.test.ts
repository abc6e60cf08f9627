import { describe, expect, it } from 'vitest';
import { analysisOf, findingsIn } from './support';
import { diagnose } from '../../../src/language/diagnostics/diagnose';

const input =
  'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 dim: 6 dim: 6 } } }\n';
const convolution =
  'layer { name: "k" type: "Convolution" bottom: "in" top: "k" convolution_param { num_output: 2 kernel_size: 3 } }\n';

/** Findings that people would take for a mistake of theirs. */
function complaints(text: string): readonly string[] {
  return findingsIn(text).filter((finding) => /^\d+ (error|warning) /.test(finding));
}

describe('files of forks', () => {
  it.each([
    [
      'SSD',
      `layer { name: "d" type: "AnnotatedData" top: "in" top: "label" transform_param { resize_param { height: 6 width: 6 } }
         data_param { source: "x" batch_size: 1 } annotated_data_param { label_map_file: "y" } }
       ${convolution}
       layer { name: "m" type: "MultiBoxLoss" bottom: "k" bottom: "k" bottom: "k" bottom: "label" top: "m"
         multibox_loss_param { num_classes: 2 } }`,
    ],
    ['the solver of SSD', 'net: "n"\nbase_lr: 0.1\neval_type: "detection"\nap_version: "11point"'],
    [
      'NVIDIA',
      `default_forward_type: FLOAT16\n${input}
       layer { name: "k" type: "Convolution" forward_type: FLOAT bottom: "in" top: "k"
         convolution_param { num_output: 2 kernel_size: 3 cudnn_convolution_algo_seeker: GET } }`,
    ],
    [
      'Faster R-CNN',
      `${input}layer { name: "l" type: "SmoothL1Loss" bottom: "in" bottom: "in" top: "l" smooth_l1_loss_param { sigma: 3 } }`,
    ],
    [
      'recurrent layers of a fork',
      'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 4 dim: 5 } } }\n' +
        'layer { name: "l" type: "Lstm" bottom: "x" top: "l" lstm_param { num_output: 3 } }',
    ],
    [
      'a type of its own with settings of its own',
      `${input}layer { name: "l" type: "Poolling" bottom: "in" top: "l" poolling_param { size: 3 } }`,
    ],
  ])('%s have no mistakes', (_, text) => expect(complaints(text)).toEqual([]));

  it('but a mistyped field of Caffe is still one', () => {
    const text = input + convolution.replace('kernel_size', 'kernel_sise');
    expect(complaints(text).join()).toContain("did you mean 'kernel_size'");
  });

  it('and a type that is only mistyped', () => {
    const text = input + convolution.replace('"Convolution"', '"Convolutoin"');
    expect(complaints(text).join()).toContain('did you mean "Convolution"');
  });
});

describe('what is no mistake at all', () => {
  it('a file for one phase', () => {
    const text =
      input.replace(' }\n', ' include { phase: TEST } }\n') +
      'layer { name: "c" type: "HDF5Data" top: "cont" hdf5_data_param { source: "c.txt" batch_size: 1 } }\n' +
      convolution;
    expect(complaints(text)).toEqual([]);
  });

  it("a file with a name and fields of another tool's", () => {
    const text = 'name: "chip"\nisa_version: 3\nengine { depth: 8 }';
    expect(findingsIn(text)).toEqual([]);
  });

  it('a loss of the other phase whose bottoms do not go together is worth a warning', () => {
    const text =
      input +
      convolution +
      `layer { name: "t" type: "MemoryData" top: "t" top: "t2" include { phase: TRAIN }
         memory_data_param { batch_size: 1 channels: 2 height: 6 width: 6 } }
       layer { name: "cost" type: "EuclideanLoss" bottom: "k" bottom: "t" top: "cost" include { phase: TRAIN } }`;
    expect(complaints(text).filter((finding) => finding.includes(' error '))).toEqual([]);
    expect(complaints(text).join()).toContain('TRAIN');
  });

  it('a field that is repeated is told once, with its count', () => {
    const many = 'odd_scale: 1.5 '.repeat(300);
    const text = input + convolution.replace('num_output', `${many} num_output`);
    const told = findingsIn(text).filter((finding) => finding.includes('odd_scale'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('(300 times)');
  });
});

it('quick fixes do not stumble over fields that are called like what every object has', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']) {
    const text = `layer { name: "a" ${name} { } }\nlayer { ${name}: 1 type: ${name} }`;
    for (const finding of diagnose(analysisOf(text))) {
      expect(() => finding.fixes?.(), `${name} ${finding.code}`).not.toThrow();
    }
  }
});
