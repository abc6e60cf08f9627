import { layerTable, type LayerTypeEntry } from '../onnx/layerTable';
import type { Command } from './command';

/** `ristretto layers`: which layer types can be converted, with which settings. */
export const layersCommand: Command<'layers'> = {
  name: 'layers',
  summary: 'list the layer types that are supported, with their settings and limits',

  run({ options, console }): Promise<void> {
    const table = layerTable();
    if (options.json === true) {
      const entries = table.map((entry) => ({
        ...entry,
        settings: Object.fromEntries(entry.settings),
      }));
      console.printText(JSON.stringify(entries, undefined, 2));
    } else {
      const width = Math.max(...table.map(({ type }) => type.length));
      for (const entry of table) {
        for (const line of describe(entry, width)) console.print(line);
      }
      console.print(`${table.length} layer types`);
    }
    return Promise.resolve();
  },
};

function describe(entry: LayerTypeEntry, width: number): string[] {
  const margin = ' '.repeat(width + 2);
  const settings = [...entry.settings]
    .filter(([, names]) => names.length > 0)
    .map(([param, names]) => `${margin}${param}: ${names.join(', ')}`);
  const limits = entry.limits === '' ? [] : [`${margin}limits: ${entry.limits}`];
  return [`${entry.type.padEnd(width)}  ${entry.summary}`, ...settings, ...limits];
}
