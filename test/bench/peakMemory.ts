import { readFileSync } from 'node:fs';

/** Largest resident memory that this process had so far, in bytes. */
export function peakMemory(): number {
  try {
    // `maxRSS` survives exec on Linux and would be the parent's peak where that was higher.
    const status = readFileSync('/proc/self/status', 'utf8');
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux: there, `maxRSS` starts anew with each program.
  }
  return process.resourceUsage().maxRSS * 1024;
}
