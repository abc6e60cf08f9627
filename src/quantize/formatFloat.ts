/** A number as C++ streams print it: six significant digits, `1e-05` below 0.0001. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '0', exponentText = '0'] = sixDigits(value).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${Number(mantissa)}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  return String(Number(`${mantissa}e${exponent}`));
}

/** Like `toExponential(5)`, but an exact tie goes to the even digit, as C++ has it. */
function sixDigits(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(60).split('e');
  const dot = digits.indexOf('.');
  const kept = digits.slice(0, dot + 6);
  const isTie = /^50*$/.test(digits.slice(dot + 6));
  const isEven = Number(kept.at(-1)) % 2 === 0;
  return isTie && isEven ? `${kept}e${exponent}` : value.toExponential(5);
}
