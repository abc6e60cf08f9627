import { expect, it } from 'vitest';
import { allOptions } from '../../../src/options/table';
import { flagTexts, optionMentions } from '../../support/flagMessages';

it('only the command line spells flags', () => {
  const names = allOptions().flatMap(([, { flags }]) =>
    Object.values(flags).map(({ name }) => name),
  );
  expect(names).toContain('caffe_root');
  const spelt = new RegExp(`--(?:${names.join('|')})(?![a-z_-])`);
  expect(flagTexts((text) => spelt.test(text))).toEqual([]);
  // What would be found if anybody did.
  expect(spelt.test('give --score=prob')).toBe(true);
  expect(spelt.test('--onnxruntime-node-install')).toBe(false);
});

it('texts mention options that there are', () => {
  const known = allOptions().flatMap(([key, { flags }]) => [
    key as string,
    ...Object.keys(flags).map((part) => `${key}.${part}`),
  ]);
  const mentions = optionMentions();
  expect(mentions.length).toBeGreaterThan(40);
  expect(mentions.filter(({ text }) => !known.includes(text))).toEqual([]);
});
