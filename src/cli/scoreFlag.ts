/** The flag that chooses what a net is scored by. */
export const scoreFlag = {
  argument: 'BLOB',
  help:
    'net output to score by; BLOB[3] takes one of its values, BLOB:mean the mean of all; agreement: ' +
    'how often the net decides as its float self, which needs no labels (BLOB:agreement: by that output)',
};
