import path from 'node:path';

/** Where a net's quantized prototxt is saved: beside it, named by a pattern with `${name}`. */
export function outputPath(model: string, pattern: string): string {
  const { dir, name } = path.parse(model);
  return path.resolve(dir, pattern.replaceAll('${name}', name));
}
