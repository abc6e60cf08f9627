import type { ScoreDirection } from '../../caffe/scoreChoice';
import { formatFloat } from '../../quantize/formatFloat';

export { formatBytes, formatTimeLeft } from '../../base/amounts';

/** How a score is shown: accuracies in percent with two decimals, all else as it is. */
export class ScoreFormat {
  /** @param direction which scores are better */
  constructor(
    readonly isAccuracy: boolean,
    readonly direction: ScoreDirection = 'higher',
  ) {}

  get unit(): '%' | '' {
    return this.isAccuracy ? '%' : '';
  }

  /** In the unit shown: 0.9765 gives 97.65 for an accuracy. */
  value(score: number): number {
    return this.isAccuracy ? score * 100 : score;
  }

  /** Without unit: `97.65`, `2.301`. */
  number(score: number): string {
    if (!Number.isFinite(score)) return Number.isNaN(score) ? 'NaN' : score < 0 ? '−∞' : '∞';
    return this.isAccuracy ? withMinus((score * 100).toFixed(2)) : significant(score);
  }

  /** With unit: `97.65 %`. */
  text(score: number): string {
    return this.isAccuracy ? `${this.number(score)} %` : this.number(score);
  }

  /** The margin: `1 %`, of a loss the number itself, `0.01`. */
  margin(errorMargin: number): string {
    return this.direction === 'lower' ? formatFloat(errorMargin / 100) : `${errorMargin} %`;
  }

  /** A difference with its sign: `−0.19`, `+0.00`. */
  change(difference: number): string {
    const text = this.number(difference);
    return text.startsWith('−') || !Number.isFinite(difference) ? text : `+${text}`;
  }
}

/** Four significant digits, never in exponent form within reason. */
function significant(value: number): string {
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4 || size > 9) return withMinus(value.toExponential(3));
  return withMinus(value.toFixed(Math.max(0, 3 - size)));
}

/** A true minus sign, which is as wide as a plus; nothing is `-0.00`. */
function withMinus(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace(/^-/, '−');
}

/** A large number with three digits: `31.2 M`, `1.53 G`. */
export function formatLarge(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T', ' P'];
  const unit = units.findIndex((_, i) => value < 999.5 * 1000 ** i);
  if (unit === 0) return String(Number(value.toPrecision(3)));
  const at = unit < 0 ? units.length - 1 : unit;
  const scaled = value / 1000 ** at;
  return `${unit < 0 ? scaled.toFixed(0) : scaled.toPrecision(3)}${units[at]}`;
}

/** `8.1 s`, `2 min 05 s`, `1 h 12 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(count);
}

/** `cpu` becomes `CPU`, `cuda:0` becomes `CUDA device 0`. */
export function formatProvider(provider: string): string {
  if (provider === 'cpu') return 'CPU';
  if (provider === 'webgpu') return 'WebGPU';
  const device = /^cuda:(\d+)$/.exec(provider)?.[1];
  return device === undefined ? provider : `CUDA device ${device}`;
}

/** `today`, `yesterday`, `12 Nov`, `12 Nov 2025`, all in local time. */
export function formatDay(time: number, now: number): string {
  const day = (at: number): number => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
  };
  const ago = day(now) - day(time);
  if (ago === 0) return 'today';
  if (ago === 1) return 'yesterday';
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(time);
}

/** The same with the time of day: `today 14:32`. */
export function formatWhen(time: number, now: number): string {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${formatDay(time, now)} ${clock.format(time)}`;
}

/** A moment for texts that outlive the day, in local time: `2026-11-26 14:32`. */
export function formatMoment(time: number): string {
  // Swedish dates are those of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(time);
}
