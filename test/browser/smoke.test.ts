import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

describe('the installed extension', () => {
  const editor = useWorkbench();

  it('colours a net', async () => {
    await editor().openFile('lenet_train_test.prototxt');
    const words = ['layer', 'name', '"LeNet"', 'Data', 'TRAIN', '64'];
    const colours = async (): Promise<string[]> =>
      Promise.all(words.map((word) => editor().colourOf(word)));
    // The grammar is loaded after the text is shown.
    await expect.poll(async () => new Set(await colours()).size).toBe(words.length);
    await editor().screenshotThemes('net');
  });

  it('asks nothing of other machines', () => {
    expect(editor().outsideRequests).toEqual([]);
  });
});
