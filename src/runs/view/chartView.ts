import { worstAccepted } from '../../quantize/margin';
import type { ScoreFormat } from './formatting';
import type { ChartView } from '../panelMessages';
import { groupTitles } from './groupTitles';
import type { RunRecord } from '../runRecord';
import { marginOf } from './runScore';
import type { SweepColumn } from './sweepTable';

/** Score against bits, a line a group; nothing before the baseline is known. */
export function chartView(
  record: RunRecord,
  columns: readonly SweepColumn[],
  format: ScoreFormat,
): ChartView | undefined {
  const margin = marginOf(record);
  if (margin === undefined) return undefined;
  return {
    baseline: format.value(margin.baseline),
    margin: format.value(worstAccepted(margin)),
    series: columns.map(({ group, cells }) => ({
      group,
      name: groupTitles[group],
      points: cells.flatMap(({ bits, row, within, chosen }) =>
        row === undefined
          ? []
          : {
              bits,
              value: format.value(row.score),
              label:
                `${groupTitles[group]}, ${bits} bit: ${format.text(row.score)}, ` +
                `${within ? 'inside' : 'outside'} the margin${chosen ? ', chosen' : ''}`,
              within,
              chosen,
            },
      ),
    })),
  };
}
