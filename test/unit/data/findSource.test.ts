import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSource } from '../../../src/data/findSource';
import { temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();
const cwd = join(folder, 'cwd');
const nets = join(folder, 'nets');
const caffeRoot = join(folder, 'caffe');
const roots = { cwd, prototxtPath: join(nets, 'net.prototxt'), caffeRoot };
for (const path of ['cwd/a', 'nets/a', 'nets/b', 'caffe/a', 'caffe/b', 'caffe/examples/c']) {
  mkdirSync(join(folder, path), { recursive: true });
}

describe('findSource', () => {
  it.each([
    ['a', join(cwd, 'a')],
    ['b', join(nets, 'b')],
    ['examples/c', join(caffeRoot, 'examples/c')],
    ['../nets/b', join(nets, 'b')],
    [join(caffeRoot, 'b'), join(caffeRoot, 'b')],
  ])('finds %s', (source, path) => {
    expect(findSource(source, roots)).toBe(path);
  });

  it('takes a relative prototxt path', () => {
    expect(findSource('b', { cwd, prototxtPath: '../nets/net.prototxt' })).toBe(join(nets, 'b'));
  });

  it('takes another folder for the prototxt’s own', () => {
    const moved = { ...roots, modelFolder: nets, prototxtPath: '/storage/net.prototxt' };
    expect(findSource('b', moved)).toBe(join(nets, 'b'));
    expect(findSource('a', moved)).toBe(join(cwd, 'a'));
    expect(userErrorOf(() => findSource('x', moved)).message).not.toContain('/storage/x');
  });

  it('lists the places tried, each once', () => {
    const error = userErrorOf(() => findSource('x_lmdb', roots));
    expect(error.code).toBe('source/missing');
    expect(error.message).toContain(
      `cannot find "x_lmdb", tried ${cwd}/x_lmdb, ${nets}/x_lmdb, ${caffeRoot}/x_lmdb`,
    );
    const here = userErrorOf(() => findSource('x', { cwd: nets, prototxtPath: 'net.prototxt' }));
    expect(here.message).toContain(`tried ${nets}/x: `);
  });

  it.each(['/nowhere/x', ''])('refuses %j', (source) => {
    expect(userErrorOf(() => findSource(source, roots)).code).toBe('source/missing');
  });
});
