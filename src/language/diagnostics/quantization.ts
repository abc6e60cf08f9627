import { isRistrettoType, ristrettoType, quantizedTypes } from '../../caffe/layerTypes';
import type { QuantizationParameter } from '../../caffe/schema';
import { quote } from '../../prototxt/strings';
import type { FieldNode, MessageNode } from '../../prototxt/tree';
import type { Analysis } from '../analysis';
import type { NetLayer } from '../netParts';
import { insertField } from './insertField';
import { replaceFix, type Finding, type QuickFix } from './finding';

/** Blocks of `quantization_param` that cannot be, or that nothing reads. */
export function quantizationFindings(analysis: Analysis): Finding[] {
  return analysis.nets.flatMap(({ layers }) => layers.flatMap((layer) => check(analysis, layer)));
}

interface Block {
  readonly analysis: Analysis;
  readonly param: QuantizationParameter;
  readonly node: MessageNode;
  readonly field: FieldNode;
}

function check(analysis: Analysis, item: NetLayer): Finding[] {
  const param = item.layer?.param.quantization_param;
  const field = item.node.fields.findLast(({ name }) => name === 'quantization_param');
  const node = field?.values[0];
  if (param === undefined || field === undefined || node?.kind !== 'message') return [];
  if (!isRistrettoType(item.type)) return [unread(item, field)];
  const block: Block = { analysis, param, node, field };
  switch (param.precision) {
    case 'DYNAMIC_FIXED_POINT':
      return [
        ...width(block, 'bw_params'),
        ...width(block, 'bw_layer_in'),
        ...width(block, 'bw_layer_out'),
        ...length(block, 'fl_params'),
        ...length(block, 'fl_layer_in'),
        ...length(block, 'fl_layer_out'),
      ];
    case 'INTEGER_POWER_OF_2_WEIGHTS':
      return [
        ...width(block, 'bw_layer_in'),
        ...width(block, 'bw_layer_out'),
        ...length(block, 'fl_layer_in'),
        ...length(block, 'fl_layer_out'),
        ...exponents(block),
      ];
    case 'MINIFLOAT':
      return minifloat(block);
  }
}

function unread({ type, typeNode }: NetLayer, { nameRange }: FieldNode): Finding {
  const quantized = ristrettoType(type) ?? typesOf(type);
  const hint = quantized === undefined ? '' : `; a ${quantized} layer would read it`;
  return {
    family: 'quantization',
    code: 'quantization/not-read',
    severity: 'information',
    message: `A ${type} layer does not read quantization_param${hint}`,
    range: nameRange,
    fixes: () =>
      quantized === undefined || typeNode === undefined
        ? []
        : [replaceFix(`Change the type to "${quantized}"`, typeNode.range, quote(quantized))],
  };
}

function typesOf(floatType: string): string | undefined {
  return [...quantizedTypes].find(([, type]) => type === floatType)?.[0];
}

type NumberField = {
  [K in keyof QuantizationParameter]: QuantizationParameter[K] extends number ? K : never;
}[keyof QuantizationParameter];

/** Two's complement numbers of 1 to 32 bits. */
function width(block: Block, name: NumberField): Finding[] {
  const bits = block.param[name];
  if (bits >= 1 && bits <= 32) return [];
  const why = bits === 0 ? 'there are no numbers of 0 bits' : 'a number has 32 bits at most';
  const message = `${name}: ${bits} cannot be: ${why}`;
  return [finding(block, name, 'bit-width', message, bits === 0 ? 8 : 32)];
}

/** The step 2^-fl and its inverse must both be float32 numbers. */
function length(block: Block, name: NumberField): Finding[] {
  const value = block.param[name];
  if (Math.abs(value) <= 126) return [];
  const message = `${name}: ${value} cannot be: a step of 2^${-value} is outside of float's range (-126 to 126)`;
  return [finding(block, name, 'fractional-length', message, undefined)];
}

function minifloat(block: Block): Finding[] {
  const { exp_bits, mant_bits } = block.param;
  const findings: Finding[] = [];
  if (exp_bits === 0) {
    const message = 'exp_bits: 0 cannot be: a minifloat needs exponent bits';
    findings.push(finding(block, 'exp_bits', 'exponent-bits', message, 5));
  } else if (exp_bits > 8) {
    const message = `exp_bits: ${exp_bits} cannot be: a float has 8 exponent bits`;
    findings.push(finding(block, 'exp_bits', 'exponent-bits', message, 8));
  }
  if (mant_bits > 31) {
    const message = `mant_bits: ${mant_bits} cannot be: there are 31 at most, and a float has 23`;
    findings.push(finding(block, 'mant_bits', 'mantissa-bits', message, 23));
  }
  return findings;
}

function exponents(block: Block): Finding[] {
  const { exp_min, exp_max } = block.param;
  if (exp_min <= exp_max) return [];
  const message = `exp_min: ${exp_min} is above exp_max: ${exp_max}`;
  return [
    {
      ...finding(block, 'exp_min', 'exponents', message, undefined),
      fixes: () => swapFixes(block),
    },
  ];
}

function finding(
  block: Block,
  name: NumberField,
  code: string,
  message: string,
  fix: number | undefined,
): Finding {
  const field = block.node.fields.findLast((one) => one.name === name);
  return {
    family: 'quantization',
    code: `quantization/${code}`,
    severity: 'error',
    message,
    range: field?.range ?? block.field.nameRange,
    fixes: () =>
      fix === undefined
        ? []
        : [
            {
              title: `Set ${name} to ${fix}`,
              edits: insertField(block.analysis, block.node, name, String(fix)),
              isPreferred: false,
            },
          ],
  };
}

function swapFixes({ node, param }: Block): QuickFix[] {
  const rangeOf = (name: string): FieldNode['valueRange'] | undefined =>
    node.fields.findLast((field) => field.name === name)?.valueRange;
  const low = rangeOf('exp_min');
  const high = rangeOf('exp_max');
  if (low === undefined || high === undefined) return [];
  return [
    {
      title: 'Swap exp_min and exp_max',
      edits: [
        { range: low, newText: String(param.exp_max) },
        { range: high, newText: String(param.exp_min) },
      ],
      isPreferred: true,
    },
  ];
}
