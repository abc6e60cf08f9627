import type { Phase } from '../../caffe/schema';
import { fieldIndent, lineStart, type Layout } from '../../prototxt/layout';
import { quote } from '../../prototxt/strings';
import { suggest } from '../../base/suggest';
import type { Analysis, ShapedState } from '../analysis';
import type { NetLayer, NetPart } from '../netParts';
import { blobFaults, type BlobFault } from './blobFaults';
import { replaceFix, type Finding, type QuickFix } from './finding';

/**
 * How blobs go from layer to layer: bottoms that nobody makes, tops made twice, circles, tops that
 * nobody reads. Where a net has several states, only what is wrong in all states of a phase that the
 * layer takes part in is told: nobody need ever build the others.
 */
export function wiringFindings(analysis: Analysis): Finding[] {
  return analysis.nets.flatMap((net) => {
    const states = analysis.states(net);
    const hasSource = states.some(({ layers }) =>
      layers.some(({ bottoms }) => bottoms.length === 0),
    );
    return certainFaults(states).map((fault) => describe(analysis, net, fault, hasSource));
  });
}

/** A fault and the only phase it is in; undefined where it is in both, or the layer itself is. */
interface CertainFault extends BlobFault {
  readonly phase: Phase | undefined;
}

function certainFaults(states: readonly ShapedState[]): CertainFault[] {
  const walked = new Map<ReadonlyMap<NetLayer, unknown>, BlobFault[]>();
  // States with the same layers share their shapes, and with them their faults.
  const faultsIn = states.map(({ layers, shapes }) => {
    const faults = walked.get(shapes) ?? blobFaults(layers);
    walked.set(shapes, faults);
    return faults;
  });
  if (faultsIn.every((faults) => faults.length === 0)) return [];
  const members = states.map(({ layers }) => new Set(layers));
  const known = new Map<string, CertainFault>();
  const keyOf = ({ kind, blob }: BlobFault): string => `${kind} ${blob.range.start}`;
  const keys = faultsIn.map((faults) => new Set(faults.map(keyOf)));
  for (const phase of ['TEST', 'TRAIN'] as const) {
    const ofPhase = [...states.keys()].filter((index) => states[index]?.state.phase === phase);
    for (const fault of ofPhase.flatMap((index) => faultsIn[index] ?? [])) {
      const key = keyOf(fault);
      const isPart = (index: number): boolean => members[index]?.has(fault.layer) ?? false;
      // A top that is read in one state only is no left-over.
      const relevant = fault.kind === 'unused' ? [...states.keys()] : ofPhase;
      if (!relevant.filter(isPart).every((index) => keys[index]?.has(key))) continue;
      const before = known.get(key);
      const others = states.filter((_, index) => isPart(index) && !ofPhase.includes(index));
      const isOnlyHere = others.length > 0 && before === undefined;
      known.set(key, { ...fault, phase: isOnlyHere ? phase : undefined });
    }
  }
  return [...known.values()];
}

function describe(
  analysis: Analysis,
  net: NetPart,
  fault: CertainFault,
  hasSource: boolean,
): Finding {
  const { kind, blob, maker, layer } = fault;
  const { name, range } = blob;
  const inPhase = fault.phase === undefined ? '' : ` in the ${fault.phase} phase`;
  // Not every net is meant to be built in both phases.
  const severity = hasSource && fault.phase === undefined ? 'error' : 'warning';
  const related = maker === undefined ? undefined : relatedTo(maker, name);
  const common = { family: 'wiring', range, ...(related && { related }) } as const;
  switch (kind) {
    case 'missing': {
      const nearest = suggest(name, fault.made());
      const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
      const message = `Bottom "${name}" is not made by any layer${inPhase}${hint}`;
      const fixes = (): QuickFix[] =>
        nearest === undefined ? [] : [replaceFix(`Change to "${nearest}"`, range, quote(nearest))];
      return { ...common, code: 'wiring/missing-bottom', severity, message, fixes };
    }
    case 'later': {
      const message =
        `Bottom "${name}" is made only later${inPhase}, by layer "${maker?.name ?? ''}"` +
        `${lineOf(analysis, maker)}: move that layer up`;
      return { ...common, code: 'wiring/made-later', severity, message };
    }
    case 'cycle': {
      const path =
        maker === layer
          ? 'the layer itself'
          : `layer "${maker?.name ?? ''}"${lineOf(analysis, maker)}, which needs this layer's own output`;
      const message = `Bottom "${name}" is made by ${path}: the net has a cycle`;
      return { ...common, code: 'wiring/cycle', severity, message };
    }
    case 'duplicate': {
      const message =
        `Top "${name}" is already made by layer "${maker?.name ?? ''}"${lineOf(analysis, maker)}` +
        `${inPhase}; give one of them another name`;
      return {
        ...common,
        code: 'wiring/duplicate-top',
        severity: fault.phase === undefined ? 'error' : 'warning',
        message,
        fixes: () => freeNameFixes(net, fault),
      };
    }
    case 'unused': {
      const message = `No layer reads "${name}"`;
      return {
        family: 'unused',
        code: 'wiring/unused-top',
        severity: 'hint',
        message,
        range,
        fixes: () => silenceFixes(analysis, net, fault),
      };
    }
  }
}

function relatedTo({ name, tops, node }: NetLayer, blob: string): Finding['related'] {
  const range = tops.find((top) => top.name === blob)?.range ?? node.range;
  return { message: `made here, by layer "${name}"`, range };
}

function lineOf({ source }: Analysis, layer: NetLayer | undefined): string {
  if (layer === undefined) return '';
  const at = layer.nameNode?.range.start ?? layer.node.range.start;
  return ` (line ${source.positionAt(at).line})`;
}

function freeNameFixes(net: NetPart, { blob, layer }: BlobFault): QuickFix[] {
  const taken = new Set(net.layers.flatMap(({ tops }) => tops.map(({ name }) => name)));
  const free = [layer.name, `${blob.name}_2`].find((name) => name !== '' && !taken.has(name));
  return free === undefined
    ? []
    : [replaceFix(`Call this top "${free}"`, blob.range, quote(free), false)];
}

/** A Silence layer says that nobody is meant to read a blob. */
function silenceFixes(
  { text }: Analysis,
  { form }: NetPart,
  { blob, layer }: BlobFault,
): QuickFix[] {
  if (form !== 'present' || layer.isHeader || layer.node.close === undefined) return [];
  const at = layer.node.close + 1;
  const layout: Layout = { lineEnd: text.includes('\r\n') ? '\r\n' : '\n', indentUnit: '  ' };
  const inner = fieldIndent(text, layer.node, layout);
  const start = lineStart(text, layer.node.range.start);
  const outer = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const lines = [
    `${outer}layer {`,
    ...[
      'name: ' + quote(`silence_${blob.name}`),
      'type: "Silence"',
      'bottom: ' + quote(blob.name),
    ].map((field) => inner + field),
    `${outer}}`,
  ];
  const newText = lines.map((line) => layout.lineEnd + line).join('');
  const rules = layer.rules.include.length + layer.rules.exclude.length;
  // With rules of its own, the new layer would need the same ones.
  return rules > 0
    ? []
    : [
        {
          title: `Add a Silence layer for "${blob.name}"`,
          edits: [{ range: { start: at, end: at }, newText }],
          isPreferred: false,
        },
      ];
}
