import path from 'node:path';
import { benchConvert, runConvertChild } from './convert';
import { benchLanguage } from './language';
import { benchModelLoad, runModelLoadChild } from './modelLoad';
import { benchRanges, runRangesChild } from './ranges';
import { benchReal, realNets } from './real';
import { benchSearch } from './search';

const megabyte = 2 ** 20;

const searches = [
  ['dynamic_fixed_point', 'original'],
  ['minifloat', 'original'],
  ['dynamic_fixed_point', 'best'],
  ['mixed', 'best'],
] as const;

/** Prints ratios measured in one run; absolute figures depend on the machine. */
async function main(): Promise<void> {
  if (process.argv.includes('--convert')) return printConversions();
  if (process.argv.includes('--language')) return printLanguage();
  if (process.argv.includes('--real')) return printReal();
  // First, while this process's memory is the search's alone.
  for (const [mode, search] of searches) {
    const result = await benchSearch(mode, search);
    print(`search, ${search}, ${mode}, LeNet, ${result.images} images`, [
      ['candidates on all images', `${result.candidates}`],
      ['one float pass', `${result.floatSeconds.toFixed(2)} s`],
      ['quantized / float pass', (result.quantizedSeconds / result.floatSeconds).toFixed(2)],
      ['whole search', `${result.searchSeconds.toFixed(2)} s`],
      ['search / float pass', result.ratio.toFixed(1)],
      ['weight bytes', `${result.weightBytes}`],
      ['peak memory', `${(result.peakBytes / megabyte).toFixed(0)} MB`],
    ]);
  }
  if (process.argv.includes('--search')) return;
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
  printLanguage();
  await printConversions();
}

/** What the editor does as one types; `--language` measures this alone. */
function printLanguage(): void {
  const result = benchLanguage();
  print(`language, a net of ${result.lines} lines, after one keystroke`, [
    ['plain tokenizing', `${result.tokenizeMs.toFixed(1)} ms`],
    ['parse', `${result.parseMs.toFixed(1)} ms`],
    ['parse / 1000 lines', `${result.parseMsPerKiloLine.toFixed(2)} ms`],
    ['full analysis', `${result.analyseMs.toFixed(1)} ms`],
    ['analysis / tokenizing', result.analyseRatio.toFixed(1)],
    ['format', `${result.formatMs.toFixed(1)} ms`],
  ]);
}

/** Nets of known sizes with generated weights; `--convert` measures these alone. */
async function printConversions(): Promise<void> {
  await benchConvert((result) => {
    const weights = result.weightBytes;
    print(`convert, ${result.net}, ${(weights / megabyte).toFixed(0)} MB of weights`, [
      ['parse prototxt', `${(1000 * result.parseSeconds).toFixed(0)} ms`],
      ['read weights', `${result.readSeconds.toFixed(2)} s`],
      ['convert', `${result.convertSeconds.toFixed(2)} s`],
      ['make session', `${result.sessionSeconds.toFixed(2)} s`],
      ['score: peak / weights', (result.scorePeakBytes / weights).toFixed(2)],
      ['export whole', `${result.exportSeconds.toFixed(2)} s`],
      ['export: peak / weights', (result.exportPeakBytes / weights).toFixed(2)],
    ]);
  });
}

/**
 * Searches on nets as people deploy them, by name: `--real SqueezeNet --search=original`. Each is best run in
 * a process of its own, for its peak memory. `RISTRETTO_BENCH_NETS` names a folder to keep the nets in.
 */
async function printReal(): Promise<void> {
  const named = realNets.filter((name) => process.argv.includes(name));
  const search = process.argv.includes('--search=original') ? 'original' : 'best';
  const kept = process.env['RISTRETTO_BENCH_NETS'];
  const follow = process.argv.includes('--follow')
    ? (line: string) => console.log(line)
    : undefined;
  for (const net of named.length > 0 ? named : realNets) {
    const folder = kept === undefined ? undefined : path.join(kept, net.replaceAll(' ', '_'));
    const result = await benchReal({ net, search, folder, follow });
    print(`search, ${search}, ${net}, ${result.layers} layers`, [
      ['one float pass', `${result.floatSeconds.toFixed(2)} s`],
      ['whole search', `${result.searchSeconds.toFixed(1)} s`],
      ['search / float pass', result.ratio.toFixed(1)],
      ['nets on all images', `${result.verdicts}`],
      ['candidates on few', `${result.ranked ?? 'none'}`],
      ['sessions', `${result.sessions}, ${result.sessionSeconds.toFixed(1)} s`],
      ['first net within', `${result.firstNetSeconds?.toFixed(1) ?? 'never'} s`],
      ['weight bytes', `${result.weightBytes} of ${result.floatBytes}`],
      ['activation bits', result.activationBits?.toFixed(2) ?? 'none'],
      ['score', result.score.toFixed(4)],
      ['peak memory', `${(result.peakBytes / megabyte).toFixed(0)} MB`],
    ]);
  }
}

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  process.stdout.write(`${title}\n`);
  for (const [name, value] of rows) process.stdout.write(`  ${name.padEnd(26)}${value}\n`);
}

if (!runModelLoadChild() && !runRangesChild() && !runConvertChild()) void main();
