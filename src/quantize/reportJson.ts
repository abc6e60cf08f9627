import { fromJson, toJson } from '../base/oddNumbers';
import type { OriginalReport, QuantizeReport } from './report';

/** What versions before the best search did not store. */
type EarlyReport = Omit<OriginalReport, 'search' | 'scoreDirection' | 'final'> & {
  readonly search?: undefined;
  readonly scoreDirection?: undefined;
  readonly final: Pick<OriginalReport['final'], 'score' | 'loss' | 'seconds' | 'withinMargin'>;
};

/** The report as files hold it. */
export function reportJson(report: QuantizeReport): string {
  return `${toJson(report, 2)}\n`;
}

/**
 * The report that {@link reportJson} wrote, of this version or an earlier one.
 *
 * @throws SyntaxError where the text is no JSON
 */
export function readReport(text: string): QuantizeReport {
  return currentReport(fromJson(text) as QuantizeReport | EarlyReport);
}

/** A stored report as this version would have made it: early ones knew one search, and no losses. */
export function currentReport(report: QuantizeReport | EarlyReport): QuantizeReport {
  if (report.search !== undefined) return report;
  return {
    ...report,
    search: 'original',
    scoreDirection: 'higher',
    final: { ...report.final, standardError: null, verdict: 'unknown' },
  };
}
