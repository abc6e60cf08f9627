import { option, words } from '../base/words';
import { onOff, optional, text } from './kinds';

/** How a run ends and is gone on with. */
export const runOptions = {
  /** Whether every value of every output is printed. */
  values: onOff({
    key: 'values',
    commands: ['score'],
    title: 'all values',
    flag: { name: 'values', help: 'print every value of every output, however many there are' },
  }),
  json: onOff({
    key: 'json',
    commands: ['layers'],
    title: 'JSON',
    flag: { name: 'json', help: 'as JSON' },
  }),
  /** Write the weights to a file of their own, `<output>.data`; above 2 GB that is always done. */
  externalData: onOff({
    key: 'externalData',
    commands: ['convert'],
    title: 'a file for the weights alone',
    flag: {
      name: 'external_data',
      help: 'write the weights to a file of their own, OUTPUT.data',
    },
  }),
  /** Where the caller will write the report: until then scores are kept there, for `resume`. */
  reportFile: optional(text, {
    key: 'reportFile',
    commands: ['quantize'],
    title: 'the report',
    flag: { name: 'report', argument: 'FILE', help: 'write everything found out as JSON' },
  }),
  /** Go on with the run whose scores the report file holds. */
  resume: onOff({
    key: 'resume',
    commands: ['quantize'],
    title: 'Try Again',
    flag: {
      name: 'resume',
      help: 'go on with a run that was cut off, from its `--report` file',
    },
    problem: (resume, { reportFile }) =>
      resume === true && reportFile === undefined
        ? words`${option('resume')} needs ${{ ...option('reportFile'), placeholder: 'FILE' }}, where the scores so far are kept`
        : undefined,
  }),
  /** Replace an output that no earlier run made. */
  force: onOff({
    key: 'force',
    commands: ['quantize', 'convert'],
    title: 'replacing files',
    flag: {
      name: 'force',
      help: {
        quantize: 'replace output files that no earlier run made',
        convert: 'replace an output file that no earlier run made',
      },
    },
  }),
};
