import type { DetectionOutputParameter } from '../../../caffe/schema';
import type { Value } from '../../graph';
import type { Shape } from '../../../base/shape';
import type { Steps } from '../../steps';

/** Where boxes lie: offsets that a net predicted, and the prior boxes they are relative to. */
interface BoxInputs {
  readonly locations: Value;
  /** 1 x 2 x (boxes * 4): boxes, then their variances. */
  readonly priors: Value;
  /** Images x boxes x (1 or classes) x 4. */
  readonly shape: Shape;
}

/**
 * Decodes predicted offsets to boxes (left, top, right, bottom) as SSD does: `CORNER` adds to the
 * prior's corners, `CORNER_SIZE` does so in units of its size, `CENTER_SIZE` moves the centre in units
 * of its size and scales the size by a power of e. Offsets are multiplied by the variances first,
 * unless these are encoded in the target.
 */
export function decodeBoxes(
  steps: Steps,
  param: DetectionOutputParameter,
  { locations, priors, shape }: BoxInputs,
): Value {
  const boxes = shape[1] ?? 1;
  const view = (from: Value, to: Shape, part: string): Value =>
    steps.step('Reshape', [from, steps.integers(`${part}-shape`, to)], part, { shape: to });
  const split = (from: Value, axis: number, sizes: readonly number[], part: string): Value[] =>
    steps.builder
      .nodeOf(
        'Split',
        [from, steps.integers(`${part}-sizes`, sizes)],
        sizes.map((size, index) => ({
          name: `${from.name}:${part}${index}`,
          shape: from.shape.map((dim, at) => (at === axis ? size : dim)),
        })),
        { axis },
      )
      .filter((value) => value !== undefined);
  const calc = (opType: string, a: Value, b: Value, part: string, to: Shape): Value =>
    steps.step(opType, [a, b], part, { shape: to });

  const given = view(locations, shape, 'offsets');
  const [prior, variance] = split(
    view(priors, [1, 2, boxes, 4], 'prior-rows'),
    1,
    [1, 1],
    'prior',
  ).map((part, index) => view(part, [1, boxes, 1, 4], index === 0 ? 'priors' : 'variances')) as [
    Value,
    Value,
  ];
  const offsets = param.variance_encoded_in_target
    ? given
    : calc('Mul', given, variance, 'scaled-offsets', shape);
  const half = [1, boxes, 1, 2];
  const [low, high] = split(prior, 3, [2, 2], 'corner') as [Value, Value];
  if (param.code_type === 'CORNER') return calc('Add', prior, offsets, 'decoded', shape);
  const size = calc('Sub', high, low, 'prior-size', half);
  if (param.code_type === 'CORNER_SIZE') {
    const both = steps.step('Concat', [size, size], 'prior-sizes', {
      shape: [1, boxes, 1, 4],
      attributes: { axis: 3 },
    });
    const moved = calc('Mul', offsets, both, 'moves', shape);
    return calc('Add', prior, moved, 'decoded', shape);
  }
  const pair = [...shape.slice(0, 3), 2];
  const [shift, growth] = split(offsets, 3, [2, 2], 'offset') as [Value, Value];
  const sum = calc('Add', low, high, 'prior-sum', half);
  const middle = calc('Mul', sum, steps.scalar(0.5), 'prior-centre', half);
  const centre = calc('Add', middle, calc('Mul', shift, size, 'shift', pair), 'centre', pair);
  const growing = steps.step('Exp', [growth], 'growth', { shape: pair });
  const whole = calc('Mul', growing, size, 'size', pair);
  const reach = calc('Mul', whole, steps.scalar(0.5), 'reach', pair);
  return steps.step(
    'Concat',
    [calc('Sub', centre, reach, 'low', pair), calc('Add', centre, reach, 'high', pair)],
    'decoded',
    { shape, attributes: { axis: 3 } },
  );
}

/**
 * Boxes whose right or lower end lies before the other one, with that end moved there. To SSD they
 * have no area and overlap nothing; the operator would turn them round.
 */
export function withoutTurned(steps: Steps, boxes: Value): Value {
  const shape = [...boxes.shape.slice(0, -1), 2];
  const axis = boxes.shape.length - 1;
  const [low, high] = steps.builder.nodeOf(
    'Split',
    [boxes, steps.integers('end-sizes', [2, 2])],
    [
      { name: `${boxes.name}:low`, shape },
      { name: `${boxes.name}:high`, shape },
    ],
    { axis },
  ) as [Value, Value];
  const end = steps.step('Max', [low, high], 'far-ends', { shape });
  return steps.step('Concat', [low, end], 'boxes-to-compare', {
    shape: boxes.shape,
    attributes: { axis },
  });
}
