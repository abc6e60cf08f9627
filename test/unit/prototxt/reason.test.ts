import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasonOf, systemReason } from '../../../src/base/reason';

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (cause) {
    return cause;
  }
}

const systemError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code, syscall: 'open' });

it.each([
  ['a missing file', thrownBy(() => readFileSync('/no/where')), 'there is no such file'],
  ['a folder', thrownBy(() => readFileSync('/')), 'it is a folder'],
  ['no permission', systemError('EACCES', "EACCES: permission denied, open '/x'"), 'no permission'],
  [
    'a full disk',
    systemError('ENOSPC', 'ENOSPC: no space left on device, write'),
    'the disk is full',
  ],
  ['another', systemError('EIO', "EIO: i/o error, open '/secret, place'"), 'EIO: i/o error'],
  ['no system error', new Error('one, two'), 'one, two'],
  ['no error', 3, '3'],
])('%s in plain words', (_, cause, words) => {
  expect(systemReason(cause)).toBe(words);
});

it('what is no error is shown as text', () => {
  expect(reasonOf(new Error('x'))).toBe('x');
  expect(reasonOf('y')).toBe('y');
});
