import { formatBytes } from '../../base/amounts';
import type { ExportResult } from '../../engine/jobs/exportOnnx';

/** What was written, in a few words: a quantized net's file surprises by its size. */
export function describeOnnx({
  bytes,
  isSimulation,
}: Pick<ExportResult, 'bytes' | 'isSimulation'>): string {
  const size = formatBytes(bytes);
  return isSimulation
    ? `${size}: quantized numbers are simulated in float32, so it is as large as the float net`
    : size;
}
