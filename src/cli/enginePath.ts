import path from 'node:path';

/**
 * The bundle of the engine, beside the program's own. Long jobs run in a process of their own: while the
 * runtime computes it lets nothing else in, and Ctrl-C would have to wait for a whole batch.
 */
export const enginePath = path.join(__dirname, 'engine.js');
