import { always, fromZero } from './kinds';

function parseMargin(given: string): number {
  return Number(given.replace('%', '').replace(',', '.').trim());
}

/** How much may be lost. */
export const marginOptions = {
  /** Accepted absolute drop of the score in percent. */
  errorMargin: always(fromZero, {
    key: 'errorMargin',
    commands: ['quantize'],
    title: 'the error margin',
    flag: {
      name: 'error_margin',
      argument: 'P',
      default: '2',
      help: 'accepted absolute drop of the score in %; of a loss P/100 is its accepted rise',
    },
    // Scoring stops early where a verdict cannot change any more.
    scored: (value) => value,
    settings: [
      {
        name: 'errorMargin',
        type: 'number',
        default: 2,
        limits: { minimum: 0, maximum: 100 },
        description:
          'How many percentage points of accuracy the quantized net may lose: with `2`, a net of 98.9 % ' +
          'may end at 96.9 %.',
      },
    ],
    fromSettings: (read) => read('errorMargin') as number,
    question: {
      kind: 'text',
      prompt: () =>
        'Error margin: how many percentage points of accuracy may be lost (of a loss: its rise times 100)',
      show: (present: number | undefined) => String(present),
      problem: (given) =>
        /^\s*\d+([.,]\d+)?\s*%?\s*$/.test(given) && parseMargin(given) <= 100
          ? undefined
          : 'Give a number from 0 to 100, like 1.5',
      read: parseMargin,
    },
    isRemembered: true,
  }),
};
