import type { ChartView, PanelView } from '../src/runs/panelMessages';
import type { ChartScale } from './chartScale';
import { svgElement } from './dom';

/** What lies behind the lines: axes, baseline and margin. Nothing here is read out. */
export function chartGround(scale: ChartScale, chart: ChartView, view: PanelView): SVGElement[] {
  return [...grid(scale, view), ...levels(scale, chart)];
}

function grid(scale: ChartScale, { widths, score }: PanelView): SVGElement[] {
  const { left, right, top, bottom, ceiling, floor, beyond } = scale;
  const isAbove = beyond === 'higher';
  const edge = isAbove ? top - 3 : bottom + 3;
  const middle = isAbove ? (ceiling + top) / 2 - 3 : (bottom + floor) / 2 + 3;
  return [
    ...scale.ticks.flatMap((value) => {
      const y = scale.yOf(value);
      return [
        svgElement('path', { class: 'grid', d: `M${left} ${y}H${right}` }),
        text(scale.tick(value), 'tick', left - 8, y + 4, 'end'),
      ];
    }),
    svgElement('path', { class: 'break', d: `M${left} ${edge}H${right}` }),
    text(beyond, 'tick', left - 8, middle + 4, 'end'),
    svgElement('path', { class: 'axis', d: `M${left} ${floor}H${right}` }),
    ...widths.map((bits) => text(String(bits), 'tick', scale.xOf(bits), floor + 17, 'middle')),
    text('bits', 'tick', left - 8, floor + 17, 'end'),
    text(score.unit, 'tick', left - 8, ceiling - 4, 'end'),
  ];
}

/** The float net's score and the worst score that is accepted. */
function levels(scale: ChartScale, { baseline, margin }: ChartView): SVGElement[] {
  if (!Number.isFinite(baseline)) return [];
  const { left, right, beyond } = scale;
  const isLoss = beyond === 'higher';
  const level = (name: string, value: number, isBelow: boolean): SVGElement[] => {
    const y = scale.yOf(value);
    return [
      svgElement('path', { class: `level ${name}`, d: `M${left} ${y}H${right}` }),
      text(
        `${name} ${scale.exact(value)}`,
        `level-label ${name}`,
        right,
        isBelow ? y + 13 : y - 5,
        'end',
      ),
    ];
  };
  return [...level('float', baseline, isLoss), ...level('margin', margin, !isLoss)];
}

function text(
  content: string,
  className: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
): SVGElement {
  const made = svgElement('text', { class: className, x, y, 'text-anchor': anchor });
  made.textContent = content;
  return made;
}
