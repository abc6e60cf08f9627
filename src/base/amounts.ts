/** Bytes in decimal units with three digits, or as many as asked for: `431 kB`, `1.72 MB`. */
export function formatBytes(bytes: number, digits = 3): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  // 999.5 and more would be rounded to four digits instead of three.
  const most = 1000 - 0.5 * 10 ** (3 - digits);
  while (value >= most && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 ? String(value) : value.toPrecision(digits);
  return `${text} ${units[unit]}`;
}

/** The fewest digits, three at least and six at most, in which different sizes look different. */
export function digitsApart(sizes: readonly number[]): number {
  const different = [...new Set(sizes)];
  const areApart = (digits: number): boolean =>
    new Set(different.map((size) => formatBytes(size, digits))).size === different.length;
  return [3, 4, 5].find(areApart) ?? 6;
}

/** Sizes that are held against each other: as many digits for both as tell them apart. */
export function formatBytesApart(sizes: readonly number[]): string[] {
  const digits = digitsApart(sizes);
  return sizes.map((size) => formatBytes(size, digits));
}

/** `about 4 s left`, `about 2 min left`. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 1) return 'almost done';
  if (seconds < 90) return `about ${Math.round(seconds)} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}
