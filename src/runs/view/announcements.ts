import { groupTitles } from './groupTitles';
import { isWithinMargin } from '../../quantize/margin';
import type { RunRecord } from '../runRecord';
import { marginOf, scoreFormat } from './runScore';

/** Turns the states of a run into what a screen reader should say of them, each thing once. */
export class Announcements {
  private id = '';
  private rows = 0;
  private status = '';
  private hasBaseline = false;

  /** What is new since the last call. */
  next(record: RunRecord): string[] {
    if (record.id !== this.id) {
      this.id = record.id;
      this.rows = 0;
      this.status = '';
      this.hasBaseline = false;
    }
    const { baseline, report, rows, status } = record;
    const format = scoreFormat(record);
    const margin = marginOf(record);
    const texts: string[] = [];
    if (baseline !== undefined && !this.hasBaseline) {
      this.hasBaseline = true;
      texts.push(`Float net: ${format.text(baseline.score)}`);
    }
    for (const row of rows.slice(this.rows)) {
      const within = margin !== undefined && isWithinMargin(row.score, margin);
      texts.push(
        `${groupTitles[row.group]}, ${row.bits} bit: ${format.text(row.score)}, ` +
          `${within ? 'inside' : 'outside'} the margin`,
      );
    }
    this.rows = rows.length;
    if (status !== this.status) {
      this.status = status;
      if (status === 'done' && report !== undefined) {
        texts.push(
          `Done: ${format.text(report.final.score)}, ` +
            `${report.final.withinMargin ? 'inside' : 'outside'} the margin`,
        );
      } else if (status === 'failed') {
        texts.push(`Failed: ${record.failure?.message ?? ''}`);
      } else if (status === 'cancelled') {
        texts.push('Cancelled');
      }
    }
    return texts;
  }
}
