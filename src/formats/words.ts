/** Four digits are enough to get a feeling. */
export function short(value: number): string {
  const text = Number(value.toPrecision(4)).toString();
  return text.replace('e+', 'e').replace('-', '−');
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** With a true minus sign. */
export function signed(value: number): string {
  return String(value).replace('-', '−');
}
