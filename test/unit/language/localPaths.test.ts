import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstImageSize } from '../../../src/language/databaseImages';
import { sourceFindings } from '../../../src/language/diagnostics/sources';
import { isLocalPath } from '../../../src/language/localPaths';
import { completePath } from '../../../src/language/pathCompletion';
import { analysisOf } from './support';

const refused = [
  '\\\\host\\share\\lmdb',
  '//host/share/lmdb',
  '/\\host/share',
  '\\/host/share',
  '\\\\?\\C:\\data',
  '\\\\.\\pipe\\x',
  'file://host/share',
  'FILE:///etc/passwd',
  'file:/etc/passwd',
  'http://host/data',
  'smb://host/data',
  '/dev/zero',
  '/dev',
  '/proc/self/mem',
  '/sys/kernel',
  '/data/../dev/zero',
  '/./dev/stdin',
  'a\0b',
];

describe('paths that are not looked up while a file is read', () => {
  it.each(refused)('%j', (path) => expect(isLocalPath(path, 'linux')).toBe(false));

  it.each(['C:\\data\\NUL', 'con', 'a/COM1.txt', 'LPT9', '//host/x'])('%j on Windows', (path) =>
    expect(isLocalPath(path, 'win32')).toBe(false),
  );

  it.each(['data/lmdb', '/data/lmdb', '../x', '/devices/x', '/home/dev/x', 'con', 'C:\\data\\x'])(
    '%j is looked up',
    (path) => expect(isLocalPath(path, 'linux')).toBe(true),
  );

  it.each(['C:\\data\\x', 'D:/contents/x', 'data\\console'])('%j on Windows is', (path) =>
    expect(isLocalPath(path, 'win32')).toBe(true),
  );
});

describe('completion of a path', () => {
  async function listed(typed: string, folders = ['/w/a']): Promise<string[]> {
    const asked: string[] = [];
    await completePath(typed, 'source', folders, (folder) => {
      asked.push(folder);
      return Promise.resolve([]);
    });
    return asked;
  }

  it.each([
    '//host/',
    '\\\\host\\',
    'file:///',
    '/dev/',
    '/proc/1/',
    '../../dev/',
    '../../../proc/',
  ])('lists no folder for %j', async (typed) => expect(await listed(typed)).toEqual([]));

  it('lists what is beside the file, also on the server where the file is', async () => {
    expect(await listed('data/')).toEqual(['/w/a/data/']);
    expect(await listed('data/', ['\\\\server\\work'])).toEqual(['\\\\server\\work/data/']);
  });
});

it('a path that is not looked up is not called missing', async () => {
  const text = 'layer { name: "d" type: "Data" top: "d" data_param { source: "//host/x" } }';
  const exists = (): Promise<boolean> => Promise.reject(new Error('looked up'));
  expect(await sourceFindings(analysisOf(text), { placesOf: () => [], exists })).toEqual([]);
});

describe('a database that is none', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'language-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function place(name: string): string {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  }

  it.skipIf(process.platform === 'win32')('a pipe is not opened: that would block', () => {
    const path = place('pipe');
    execFileSync('mkfifo', [join(path, 'data.mdb')]);
    expect(firstImageSize(path)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('nor a link to a device or to the kernel', () => {
    for (const target of ['/dev/zero', '/proc/self/status', '/dev/nowhere']) {
      const path = place(target.replaceAll('/', '_'));
      symlinkSync(target, join(path, 'data.mdb'));
      expect(firstImageSize(path), target).toBeUndefined();
    }
  });

  it('nor what is no database, nor what is elsewhere', () => {
    const path = place('text');
    writeFileSync(join(path, 'data.mdb'), 'no database');
    expect(firstImageSize(path)).toBeUndefined();
    for (const other of refused) expect(firstImageSize(other), other).toBeUndefined();
  });
});
