import { benchModelLoad, runModelLoadChild } from './modelLoad';
import { benchRanges, runRangesChild } from './ranges';
import { benchSearch } from './search';

const megabyte = 2 ** 20;

/** Prints ratios measured in one run; absolute figures depend on the machine. */
async function main(): Promise<void> {
  // First, while this process's memory is the search's alone.
  for (const mode of ['dynamic_fixed_point', 'minifloat'] as const) {
    const search = await benchSearch(mode);
    print(`search, ${mode}, LeNet, ${search.images} images, ${search.rows} rows`, [
      ['one float pass', `${search.floatSeconds.toFixed(2)} s`],
      ['whole search', `${search.searchSeconds.toFixed(2)} s`],
      ['search / float pass', search.ratio.toFixed(1)],
      ['peak memory', `${(search.peakBytes / megabyte).toFixed(0)} MB`],
    ]);
  }
  const ranges = await benchRanges();
  print(`ranges, eight wide layers, batches of ${ranges.batch}`, [
    ['blobs of a batch', `${(ranges.blobBytes / megabyte).toFixed(0)} MB`],
    ['peak memory', `${(ranges.peakBytes / megabyte).toFixed(0)} MB`],
  ]);
  const load = await benchModelLoad();
  print(`model load, ${(load.fileBytes / megabyte).toFixed(0)} MB`, [
    ['plain read', `${load.plainSeconds.toFixed(2)} s`],
    ['readCaffemodel', `${load.loadSeconds.toFixed(2)} s`],
    ['load / plain read', load.loadRatio.toFixed(2)],
    ['peak memory / file', load.peakRatio.toFixed(2)],
  ]);
}

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  process.stdout.write(`${title}\n`);
  for (const [name, value] of rows) process.stdout.write(`  ${name.padEnd(22)}${value}\n`);
}

if (!runModelLoadChild() && !runRangesChild()) void main();
