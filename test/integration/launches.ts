import { type Settings } from '../rig/server';

/** One start of the editor and the tests that run in it. */
export interface Launch {
  readonly name: string;
  /** The folder beside this file whose `*.test.ts` run. */
  readonly suites: string;
  readonly trusted: boolean;
  readonly settings: Settings;
}

export const launches: readonly Launch[] = [
  { name: 'trusted workspace', suites: 'suite', trusted: true, settings: {} },
  {
    name: 'untrusted workspace',
    suites: 'untrusted',
    trusted: false,
    settings: {
      'security.workspace.trust.enabled': true,
      // No question, so no answer: the workspace stays untrusted.
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
  },
];
