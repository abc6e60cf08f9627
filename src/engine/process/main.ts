import { exportOnnx } from '../jobs/exportOnnx';
import type { Tell } from '../files/events';
import { packFailure } from './failure';
import { inspectNet } from '../jobs/inspectNet';
import type { FromEngine, Jobs, JobName, ToEngine } from './protocol';
import { quantizeNet } from '../jobs/quantizeNet';
import { scoreNet } from '../jobs/scoreNet';

// Native code can crash, run out of memory or hang: this process takes that upon itself.
const cancellation = new AbortController();
process.on('message', (message: ToEngine) => {
  if (message.type === 'cancel') cancellation.abort();
  else void work(message);
});
// Ctrl-C in a terminal goes to all processes there: whoever started this one decides what it means.
process.on('SIGINT', () => undefined);
// Nobody waits for the result of an orphan.
process.on('disconnect', () => process.exit());

async function work(start: Extract<ToEngine, { type: 'start' }>): Promise<void> {
  try {
    await finish({ type: 'done', result: await run(start) });
  } catch (cause) {
    await finish(
      cancellation.signal.aborted
        ? { type: 'cancelled' }
        : { type: 'failed', failure: packFailure(cause) },
    );
  }
}

function run(start: Extract<ToEngine, { type: 'start' }>): Promise<Jobs[JobName]['result']> {
  const { signal } = cancellation;
  switch (start.job) {
    case 'quantize':
      return quantizeNet({ ...start.options, signal }, tell);
    case 'score':
      return scoreNet({ ...start.options, signal }, tell);
    case 'export':
      return exportOnnx({ ...start.options, signal }, tell);
    case 'inspect':
      return inspectNet(start.options);
  }
}

const tell: Tell = (event, value) => {
  process.send?.({ type: 'event', event, value });
};

/** The last message must be on its way before the process ends. */
function finish(message: FromEngine): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, {}, () => {
      resolve();
      process.exit();
    });
  });
}
