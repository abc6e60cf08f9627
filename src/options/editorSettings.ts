import type { Setting } from './option';
import { allOptions } from './table';

/** Settings of the editor that are no options of a run. */
const ownSettings: readonly Setting[] = [
  {
    name: 'outputName',
    type: 'string',
    default: '${name}_quantized.prototxt',
    limits: { pattern: '\\S' },
    description:
      'Name of the quantized prototxt, relative to the net’s folder; `${name}` is the net’s file name ' +
      'without extension.',
  },
  {
    name: 'codeLens',
    type: 'boolean',
    default: true,
    description: 'Show *Quantize* and the last result above net definitions.',
  },
];

const severities = [
  { value: 'default', description: 'As each finding deserves.' },
  { value: 'error', description: 'Show all of them as errors.' },
  { value: 'warning', description: 'Show all of them as warnings.' },
  { value: 'information', description: 'Show all of them as information.' },
  { value: 'hint', description: 'Show all of them as hints.' },
  { value: 'off', description: 'Do not show them.' },
];

/** What the families of findings in a prototxt are about. */
const families: Readonly<Record<string, string>> = {
  syntax: 'Syntax errors: brackets, colons, quotes, numbers.',
  schema: 'Unknown fields, wrong types and values, fields given twice or missing.',
  layerTypes: 'Layers without a type or of an unknown one.',
  wiring: 'Bottoms that no layer makes, tops made twice, cycles.',
  unused: 'Tops that no layer reads and that are hardly results.',
  shapes: 'Bottoms, settings and tops of a layer that do not fit together.',
  quantization: 'A `quantization_param` that cannot be, or that its layer does not read.',
  sources:
    'Data, mean files, nets and weights that do not exist. Files are looked at only in trusted workspaces.',
};

/** Settings under one heading. */
export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** Every setting of the extension, as the settings editor groups them. */
export const settingGroups: readonly SettingGroup[] = [
  {
    title: 'Quantizing',
    settings: [...allOptions().flatMap(([, { settings = [] }]) => settings), ...ownSettings],
  },
  {
    title: 'Prototxt: Shapes',
    settings: [
      {
        name: 'inlayHints.shapes',
        type: 'boolean',
        default: true,
        description:
          'Show the shape of every top behind its name, as far as it is known. VS Code’s own ' +
          '`#editor.inlayHints.enabled#` must allow it.',
      },
    ],
  },
  {
    title: 'Prototxt: Problems',
    settings: Object.entries(families).map(([family, description]) => ({
      name: `diagnostics.${family}`,
      type: 'string',
      default: 'default',
      values: severities,
      description,
    })),
  },
];
