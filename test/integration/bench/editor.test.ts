import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { writeCaffemodel, type WritableLayer } from '../../../src/caffe/writeCaffemodel';
import {
  activateRistretto,
  exampleName,
  fileUri,
  quantize,
  readText,
  whenRun,
  writeFile,
} from '../support';

const megabyte = 2 ** 20;
/** Outputs of the first fully connected layer, which has 800 inputs: 128 MB of weights. */
const wide = 40_000;

/** The example with a first fully connected layer that is 80 times as wide. */
async function writeWideNet(): Promise<vscode.Uri> {
  const layers = readCaffemodel(fileUri('lenet.caffemodel').fsPath);
  const zeros = (name: string, ...shapes: number[][]): WritableLayer => ({
    name,
    blobs: shapes.map((shape) => ({
      shape,
      data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
    })),
  });
  const all = [
    ...['conv1', 'conv2'].map((name) => ({ name, blobs: layers.byName(name)?.blobs ?? [] })),
    zeros('ip1', [wide, 800], [wide]),
    zeros('ip2', [10, wide], [10]),
  ];
  writeCaffemodel(fileUri('wide.caffemodel').fsPath, { name: 'wide', layers: all });
  const text = readText(fileUri(exampleName)).replace('num_output: 500', `num_output: ${wide}`);
  return writeFile('wide.prototxt', text);
}

/** What a quantization adds to the memory of the extension host, in bytes. */
async function memoryOfRun(uri: vscode.Uri, weights: string): Promise<number> {
  const api = await activateRistretto();
  let most = 0;
  const before = process.memoryUsage().rss;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const record = await quantize(uri, {
    mode: 'integer_power_of_2_weights',
    iterations: 2,
    weights: fileUri(weights).fsPath,
  });
  await whenRun(api, record, ({ status }) => status === 'done');
  clearInterval(timer);
  return most - before;
}

// The title of a test is what carries its figure out of the editor.
describe('in the extension host', function () {
  this.timeout(120_000);

  it('activation', async function () {
    const extension = vscode.extensions.getExtension('ristretto.ristretto-vscode');
    assert.equal(extension?.isActive, false);
    // The window itself is still starting, on the same processors.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const start = performance.now();
    await extension?.activate();
    const milliseconds = performance.now() - start;
    if (this.test) this.test.title = `activation: ${milliseconds.toFixed(1)} ms (aim: under 50)`;
  });

  it('memory', async function () {
    const wideNet = await writeWideNet();
    const settle = await memoryOfRun(fileUri(exampleName), 'lenet.caffemodel');
    const small = await memoryOfRun(fileUri(exampleName), 'lenet.caffemodel');
    const large = await memoryOfRun(wideNet, 'wide.caffemodel');
    const text = [settle, small, large].map((bytes) => `${(bytes / megabyte).toFixed(0)} MB`);
    if (this.test) {
      this.test.title =
        `growth while quantizing: first run ${text[0]}, LeNet again (1.7 MB of weights) ${text[1]}, ` +
        `a net with 130 MB of weights ${text[2]}`;
    }
  });
});
