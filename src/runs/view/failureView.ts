import type { FailureView, PageAction } from '../panelMessages';
import type { RunFailure, RunRecord } from '../runRecord';

/** What stopped a run, and what helps; undefined where nothing did. */
export function failureView(record: RunRecord): FailureView | undefined {
  const { status, failure, request } = record;
  if (status === 'interrupted') {
    return {
      title: 'The window that ran this was closed or reloaded',
      detail: 'What had been scored by then is kept: Try Again goes on from there.',
      actions: ['tryAgain'],
    };
  }
  if (status !== 'failed' || failure === undefined) return undefined;
  return {
    title: failure.code === undefined ? 'The engine stopped' : 'The run could not go on',
    detail: failure.message,
    step: failure.step,
    actions: [...helpingActions(failure, request), 'tryAgain', 'showLog'],
  };
}

/** What may help against a failure, the likeliest first. */
export function helpingActions(
  { code = '', file, line }: RunFailure,
  { weights }: { readonly weights: string },
): readonly PageAction[] {
  const aboutWeights = file === weights || /^(caffemodel|weights)\//.test(code);
  return [
    ...(file !== undefined && line !== undefined ? (['showPlace'] as const) : []),
    ...(aboutWeights ? (['chooseWeights'] as const) : []),
    ...(code === 'source/missing' ? (['setCaffeRoot'] as const) : []),
    ...(/^score\//.test(code) || code === 'net/no-such-output' ? (['setScore'] as const) : []),
    ...(/^runtime\/no-/.test(code) ? (['useCpu'] as const) : []),
    ...(code === 'runtime/no-cuda' ? (['installCuda'] as const) : []),
  ];
}
