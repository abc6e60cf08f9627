import { existsSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeForeign } from '../../../src/base/foreignContent';
import {
  inputError,
  readInputBytes,
  readInputFile,
  type FileKind,
} from '../../../src/base/inputFile';
import { oldTar, standIns } from '../../support/standIns';

const folder = mkdtempSync(path.join(tmpdir(), 'input-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kind: FileKind = { code: 'list', name: 'list of images', give: 'a text file' };

function said(action: () => unknown): string {
  try {
    action();
  } catch (cause) {
    return String(cause);
  }
  return 'nothing';
}

describe('what stands in the place of a file', () => {
  it.each(Object.entries(standIns))('%s', (_, { content, says }) =>
    expect(describeForeign(content)).toMatch(says),
  );

  it.each([
    ['an archive as tar wrote them before 1988', oldTar(), 'a tar archive'],
    ['a page without a head', '<script>location = "/login"</script>', 'a web page'],
    ['what a storage server says', '<?xml version="1.0"?><Error><Code>AccessDenied', 'an XML text'],
    ['what GitHub says of a file that is gone', '404: Not Found', "a server's refusal"],
    ['what a model hub says', 'Entry not found\n', "a server's refusal"],
    ['what an API says', '{"message": "Bad credentials", "status": "401"}', "a server's refusal"],
    ['git-annex', '../.git/annex/objects/Xz/9k/SHA256E-s12--ab.h5\n', 'a git-annex pointer'],
    ["macOS's extra file", Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0]), 'what macOS keeps'],
  ])('%s', (_, content, start) =>
    expect(describeForeign(Buffer.from(content))).toMatch(new RegExp(`^${start}`)),
  );

  it.each([
    'name: "net"\nlayer { name: "a" }',
    '# <html>\nname: "n"',
    'forbidden/1.jpg 0\nforbidden/2.jpg 1\n',
    'annex/objects/1.jpg 0\n',
    '404.jpg 3\n',
    '\x0a\x04net1\xa2\x06\x10',
  ])('a right file is not taken for one: %j', (text) =>
    expect(describeForeign(Buffer.from(text, 'latin1'))).toBeUndefined(),
  );
});

describe('files that cannot be read', () => {
  it('a folder, a file below a file, a link to itself', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'a');
    symlinkSync('circle', path.join(folder, 'circle'));
    expect(said(() => readInputFile(folder, kind))).toBe(
      `UserError: ${folder}: this is a folder: give a text file`,
    );
    expect(said(() => readInputFile(path.join(file, 'b'), kind))).toContain(
      'there is no such file: give a text file',
    );
    expect(said(() => readInputFile(path.join(folder, 'circle'), kind))).toContain(
      'this file cannot be read (its links lead in a circle): give a text file',
    );
  });

  // The tests may run as a user who may read everything.
  it('without permission', () => {
    const cause = Object.assign(new Error('EACCES: permission denied, open'), {
      code: 'EACCES',
      syscall: 'open',
    });
    expect(inputError('a.txt', kind, cause).message).toBe(
      'a.txt: there is no permission to read this file: change that, or give a copy',
    );
  });

  it('too large to be a text', () => {
    const file = path.join(folder, 'large');
    writeFileSync(file, 'a');
    truncateSync(file, 2 ** 29);
    expect(said(() => readInputFile(file, kind))).toContain(
      'this file has 536870912 bytes, far too many for a list of images: give a text file',
    );
  });

  it('larger than its kind is', async () => {
    const file = path.join(folder, 'sparse');
    writeFileSync(file, 'a');
    truncateSync(file, 1001);
    const image: FileKind = { code: 'list', name: 'image', give: 'an image file', mostBytes: 1000 };
    const text =
      `${file}: this file has 1001 bytes, far too many for an image: give an image file of at most ` +
      '1000 bytes';
    expect(said(() => readInputFile(file, image))).toBe(`UserError: ${text}`);
    await expect(readInputBytes(file, image)).rejects.toThrow(text);
    await expect(readInputBytes(file, { ...image, mostBytes: 1001 })).resolves.toHaveLength(1001);
  });

  it.runIf(existsSync('/dev/zero'))('devices, before they are opened', async () => {
    const text = '/dev/zero: this is no ordinary file: give a text file';
    expect(said(() => readInputFile('/dev/zero', kind))).toBe(`UserError: ${text}`);
    await expect(readInputBytes('/dev/zero', kind)).rejects.toThrow(text);
  });

  // The system makes it up without end; its stated size is 0.
  it.runIf(existsSync('/proc/self/pagemap'))('what has no end but no size', async () => {
    expect(said(() => readInputFile('/proc/self/pagemap', kind))).toContain('an empty file');
    await expect(readInputBytes('/proc/self/pagemap', kind)).resolves.toHaveLength(0);
  });
});
