import type { FieldNode } from '../../prototxt/tree';
import { printScalar, type LineEdits } from './lineEdits';

/** What old layers say of each of their weight blobs, and the field of `param` that says it now. */
const paramFields: ReadonlyMap<string, string> = new Map([
  ['param', 'name'],
  ['blob_share_mode', 'share_mode'],
  ['blobs_lr', 'lr_mult'],
  ['weight_decay', 'decay_mult'],
]);

/** Whether a field of an old layer belongs into `param { ... }` now. */
export function isParamField({ name }: FieldNode): boolean {
  return paramFields.has(name);
}

/**
 * Turns the lists of an old layer (`blobs_lr: 1 blobs_lr: 2 weight_decay: 1`) into one
 * `param { lr_mult: 1 decay_mult: 1 }` for each blob, in the places where the lists stood.
 *
 * @param fields those of the layer that {@link isParamField} picks, in file order
 */
export function upgradeParams(fields: readonly FieldNode[], edits: LineEdits): void {
  const lists = [...paramFields].map(([old, name]) => ({
    name,
    texts: fields
      .filter((field) => field.name === old)
      .flatMap(({ values }) => values)
      .flatMap((value) => (value.kind === 'scalar' ? [printScalar(value)] : [])),
  }));
  const count = Math.max(0, ...lists.map(({ texts }) => texts.length));
  const params = Array.from({ length: count }, (_, index) => {
    const body = lists.flatMap(({ name, texts }) =>
      texts[index] === undefined ? [] : [`${name}: ${texts[index]}`],
    );
    return `param { ${body.join(' ')} }`;
  });
  fields.forEach((field, index) => {
    const isLast = index === fields.length - 1;
    const texts = isLast ? params.slice(index) : params.slice(index, index + 1);
    if (texts.length === 0) edits.removeField(field);
    else edits.replace(field.range, texts.join(' '));
  });
}
