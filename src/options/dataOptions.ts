import { about, option, words } from '../base/words';
import { number, optional, text, type Parse } from './kinds';
import type { CommandName, Flag, GivenFlags, Option } from './option';
import { OptionError } from './optionError';

/** Images given for a net that has no data layer of its own, and what is done to them. */
export interface ImagesOption {
  /** A text file: the path of an image a line, and its label after a space. */
  readonly list: string;
  readonly meanFile?: string | undefined;
  /** One number for all channels, or one a channel, blue first. */
  readonly meanValues?: readonly number[] | undefined;
  readonly scale?: number | undefined;
  /** Side of the square cut out of the middle. */
  readonly cropSize?: number | undefined;
  /** Size to bring images to first; the input's own where neither this nor a crop is given. */
  readonly resize?: { readonly height: number; readonly width: number } | undefined;
  /** Read as gray; an input of one channel asks for that by itself. */
  readonly gray?: boolean | undefined;
}

const flags = {
  list: {
    name: 'images',
    argument: 'LIST',
    help: 'images for a deploy definition: a path and a label a line',
  },
  meanFile: {
    name: 'mean_file',
    argument: 'FILE',
    help: 'with `--images`: mean image (binaryproto) to subtract',
  },
  meanValues: {
    name: 'mean_value',
    argument: 'B,G,R',
    help: 'with `--images`: means to subtract, blue first',
  },
  scale: {
    name: 'scale',
    argument: 'X',
    help: 'with `--images`: factor after the mean is subtracted',
  },
  cropSize: {
    name: 'crop_size',
    argument: 'N',
    help: 'with `--images`: square to cut out of the middle',
  },
  resize: {
    name: 'resize',
    argument: 'HxW',
    help: "with `--images`: size before the crop; else the input's own",
  },
  gray: { name: 'gray', help: 'with `--images`: read them as gray' },
} satisfies Record<keyof ImagesOption, Flag>;

type Part = keyof typeof flags;

function readImages(given: GivenFlags): ImagesOption | undefined {
  const of = <T>(part: Part, parse: Parse<T>): T | undefined => {
    const value = given.text(flags[part].name);
    return value === undefined ? undefined : parse(value, `images.${part}`);
  };
  const list = of('list', text);
  if (list === undefined) {
    const parts = Object.keys(flags) as Part[];
    const stray = parts.find((part) =>
      part === 'gray' ? given.isSet(flags.gray.name) : of(part, text) !== undefined,
    );
    if (stray === undefined) return undefined;
    throw new OptionError(
      words`${option(`images.${stray}`)} says how ${option('images')} are prepared: give these too`,
    );
  }
  const [meanFile, meanValues] = [of('meanFile', text), of('meanValues', numbers)];
  if (meanFile !== undefined && meanValues !== undefined) {
    throw new OptionError(
      words`${option('images.meanFile')} and ${option('images.meanValues')} exclude each other`,
    );
  }
  return {
    list,
    meanFile,
    meanValues,
    scale: of('scale', number),
    cropSize: of('cropSize', size),
    resize: of('resize', heightAndWidth),
    gray: given.isSet(flags.gray.name),
  };
}

const numbers: Parse<readonly number[]> = (given, key) =>
  given.split(',').map((value) => number(value, key));

const size: Parse<number> = (given, key) => {
  const value = number(given, key);
  if (Number.isInteger(value) && value > 0) return value;
  throw new OptionError(words`${option(key, given)}: give a whole number above 0`);
};

const heightAndWidth: Parse<{ readonly height: number; readonly width: number }> = (given, key) => {
  const [, height, width] = /^(\d+)x(\d+)$/.exec(given) ?? [];
  if (height === undefined || width === undefined || Number(height) * Number(width) === 0) {
    throw new OptionError(words`${option(key, given)}: give height and width, as 256x256`);
  }
  return { height: Number(height), width: Number(width) };
};

const namedFiles: Parse<Readonly<Record<string, string>>> = (given) => {
  const pairs = given.split(',').map((part) => {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || file === undefined) {
      throw new OptionError(
        words`${about('inputs')}"${given}": give the input's name and a file, as data=images.npy`,
      );
    }
    return [name, file] as const;
  });
  return Object.fromEntries(pairs);
};

function lastName([input, file]: readonly [string, string]): readonly [string, string] {
  return [input, file.replace(/^.*[/\\]/, '')];
}

const commands = ['quantize', 'score', 'inspect'] as const satisfies readonly CommandName[];

const images = {
  commands,
  title: 'the list of images',
  flags,
  read: readImages,
  // What the files hold is looked at by itself.
  scored: (value) => value && { ...value, list: undefined, meanFile: undefined },
} as const satisfies Option<ImagesOption | undefined>;

/** Data for nets that do not name their own. */
export const dataOptions = {
  /** Files of numbers (`.npy`) by the input they are for. */
  inputs: optional(namedFiles, {
    key: 'inputs',
    commands,
    title: 'the files for the inputs',
    flag: {
      name: 'input',
      argument: 'NAME=FILE',
      help: 'numbers (.npy) for an input; several with commas',
      joint: ' ',
    },
    // What the files hold is looked at by itself; which input each is for is not.
    scored: (value) => value && Object.fromEntries(Object.entries(value).map(lastName).sort()),
  }),
  images,
};
