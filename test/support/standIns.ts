import { gzipSync } from 'node:zlib';

/** What a download, a copy or a mix-up puts in the place of a file, and what a message calls it. */
export const standIns: Readonly<
  Record<string, { readonly content: Buffer; readonly says: RegExp }>
> = {
  'nothing at all': { content: Buffer.alloc(0), says: /an empty file/ },
  'a web page': {
    content: Buffer.from('\n<!DOCTYPE html>\n<html><body>Sign in</body></html>\n'),
    says: /a web page/,
  },
  'a Git LFS pointer': {
    content: Buffer.from(
      'version https://git-lfs.github.com/spec/v1\n' +
        'oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n' +
        'size 1725025\n',
    ),
    says: /a Git LFS pointer/,
  },
  'a zip archive': {
    content: Buffer.from(`PK\x03\x04\x14\0\0\0\x08\0${'a'.repeat(40)}`, 'latin1'),
    says: /a zip archive/,
  },
  'a gzip file': { content: gzipSync(Buffer.alloc(300, 7)), says: /a gzip file/ },
  'a tar archive': { content: tar('ustar\x0000'), says: /a tar archive/ },
};

/** A tar archive without the name of the format, as old programs write it. */
export function oldTar(): Buffer {
  return tar('');
}

function tar(format: string): Buffer {
  const block = Buffer.alloc(1024);
  block.write('net/lenet.caffemodel');
  block.write('0000644\0', 100);
  block.write(format, 257);
  block.write(' '.repeat(8), 148);
  const sum = block.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
