/** Numbers in [0, 1): a linear congruential generator (Numerical Recipes, 1992), the same in every run. */
export function evenNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Numbers of a bell curve with mean 0 and deviation 1: sums of twelve even ones. */
export function normalNumbers(seed: number): () => number {
  const even = evenNumbers(seed);
  return () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += even();
    return sum;
  };
}
