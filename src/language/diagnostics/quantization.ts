import { isRistrettoType, ristrettoType, quantizedTypes } from '../../caffe/layerTypes';
import type { QuantizationParameter } from '../../caffe/schema';
import type { FieldFault } from '../../formats/format';
import { quantizationFaults } from '../../formats/quantizationParam';
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
  return quantizationFaults(param).map((fault) => finding(block, fault));
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

function finding(block: Block, fault: FieldFault): Finding {
  const field = block.node.fields.findLast((one) => one.name === fault.field);
  return {
    family: 'quantization',
    code: `quantization/${fault.code}`,
    severity: 'error',
    message: fault.message,
    range: field?.range ?? block.field.nameRange,
    fixes: () => fixesOf(block, fault),
  };
}

function fixesOf({ analysis, node, param }: Block, { field, fix }: FieldFault): QuickFix[] {
  if (fix === undefined) return [];
  if ('value' in fix) {
    return [
      {
        title: `Set ${field} to ${fix.value}`,
        edits: insertField(analysis, node, field, String(fix.value)),
        isPreferred: false,
      },
    ];
  }
  const { swapWith } = fix;
  const rangeOf = (name: string): FieldNode['valueRange'] | undefined =>
    node.fields.findLast((one) => one.name === name)?.valueRange;
  const here = rangeOf(field);
  const there = rangeOf(swapWith);
  if (here === undefined || there === undefined) return [];
  return [
    {
      title: `Swap ${field} and ${swapWith}`,
      edits: [
        { range: here, newText: String(param[swapWith]) },
        { range: there, newText: String(param[field]) },
      ],
      isPreferred: true,
    },
  ];
}
