import type { GivenData, ImagesOption } from '../engine/inputs/dataOptions';
import { UsageError, type Flags, type FlagSpecs } from './flags';

/** Data for nets that do not name their own. */
export const dataFlags: FlagSpecs = {
  input: { argument: 'NAME=FILE', help: 'numbers (.npy) for an input; several with commas' },
  images: { argument: 'LIST', help: 'images for a deploy definition: a path and a label a line' },
  mean_file: { argument: 'FILE', help: 'with --images: mean image (binaryproto) to subtract' },
  mean_value: { argument: 'B,G,R', help: 'with --images: means to subtract, blue first' },
  scale: { argument: 'X', help: 'with --images: factor after the mean is subtracted' },
  crop_size: { argument: 'N', help: 'with --images: square to cut out of the middle' },
  resize: { argument: 'HxW', help: "with --images: size before the crop; else the input's own" },
  gray: { help: 'with --images: read them as gray' },
};

const imageFlags = ['mean_file', 'mean_value', 'scale', 'crop_size', 'resize'] as const;

/** @throws UsageError for values that are not what the help says, or image flags without --images */
export function readDataFlags(flags: Flags): GivenData {
  const list = flags.optional('images');
  const stray = imageFlags.find((name) => flags.optional(name) !== undefined);
  if (list === undefined && (stray !== undefined || flags.isSet('gray'))) {
    throw new UsageError(`--${stray ?? 'gray'} says how --images are prepared: give these too`);
  }
  const inputs = flags.optional('input');
  return {
    inputs: inputs === undefined ? undefined : readInputs(inputs),
    images: list === undefined ? undefined : readImages(flags, list),
  };
}

function readInputs(text: string): Record<string, string> {
  const pairs = text.split(',').map((part) => {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || file === undefined) {
      throw new UsageError(`--input=${text}: give the input's name and a file, as data=images.npy`);
    }
    return [name, file] as const;
  });
  return Object.fromEntries(pairs);
}

function readImages(flags: Flags, list: string): ImagesOption {
  const meanFile = flags.optional('mean_file');
  const means = flags.optional('mean_value');
  if (meanFile !== undefined && means !== undefined) {
    throw new UsageError('--mean_file and --mean_value exclude each other');
  }
  const scale = flags.optional('scale');
  const crop = flags.optional('crop_size');
  const resize = flags.optional('resize');
  return {
    list,
    meanFile,
    meanValues: means?.split(',').map((value) => readNumber('mean_value', value)),
    scale: scale === undefined ? undefined : readNumber('scale', scale),
    cropSize: crop === undefined ? undefined : readSize('crop_size', crop),
    resize: resize === undefined ? undefined : readResize(resize),
    gray: flags.isSet('gray'),
  };
}

function readNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`--${flag}: "${text}" is no number`);
}

function readSize(flag: string, text: string): number {
  const value = readNumber(flag, text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${flag}=${text}: give a whole number above 0`);
}

function readResize(text: string): { height: number; width: number } {
  const [, height, width] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (height === undefined || width === undefined || Number(height) * Number(width) === 0) {
    throw new UsageError(`--resize=${text}: give height and width, as 256x256`);
  }
  return { height: Number(height), width: Number(width) };
}
