import { layerColumns, type LayerRow } from '../../quantize/layerColumns';
import { modes } from '../../quantize/modes/modes';
import type { VisitedPoint } from '../../quantize/report';
import { bitsOf } from '../../formats/formats';
import type { LayerBits, LayersView } from '../panelMessages';
import type { RunRecord } from '../runRecord';
import { cellTexts, columnViews, pageWriters } from './pageCells';
import { scoreFormat } from './runScore';

/** The layers of a run, with the formats of the net that is shown as soon as there are any. */
export function layerRows(
  { layers, report }: RunRecord,
  point: VisitedPoint | undefined,
): readonly LayerRow[] {
  const known: readonly LayerRow[] = report?.layers ?? layers ?? [];
  return known.map((layer) => {
    const formats = point?.formats[layer.name] ?? layer.formats;
    return formats === undefined ? layer : { ...layer, formats };
  });
}

/** The per-layer table: ranges as soon as they are measured, formats once they are chosen. */
export function layersView(record: RunRecord, point?: VisitedPoint): LayersView {
  const { report, request } = record;
  const rows = layerRows(record, point);
  const writers = pageWriters(scoreFormat(record));
  return {
    bits:
      request.search === 'best' && (report !== undefined || point !== undefined)
        ? editableBits(rows, request)
        : undefined,
    oneWidth: modes[request.mode].isOneFormat || undefined,
    columns: columnViews(layerColumns),
    rows: rows.map((layer) => ({
      layer: layer.name,
      cells: cellTexts(layerColumns, layer, writers),
    })),
  };
}

/** The bits of the layers; those of a run that was given all of them were not kept but tried. */
function editableBits(
  rows: readonly LayerRow[],
  { keep = {} }: RunRecord['request'],
): readonly LayerBits[] {
  const isTrial = rows.every(({ name }) => keep[name] !== undefined);
  return rows.flatMap(({ name, formats }) =>
    formats === undefined
      ? []
      : {
          layer: name,
          weights: bitsOf(formats.weights),
          input: bitsOf(formats.input),
          output: bitsOf(formats.output),
          kept: (!isTrial && keep[name] !== undefined) || undefined,
        },
  );
}
