import { caffeSchema } from '../caffe/caffeSchema';
import type { NetParameter, SolverParameter } from '../caffe/schema';
import { bindMessage } from '../prototxt/bind';
import type { Diagnostic } from '../prototxt/diagnostic';
import { parsePrototxt, type ParseResult } from '../prototxt/parse';
import type { SourceText } from '../prototxt/source';
import type { MessageNode } from '../prototxt/tree';
import type { KnownImages } from './dataTops';
import { documentKind, type DocumentKind } from '../caffe/documentKind';
import { bindNets, netPart, type NetLayer, type NetPart } from './netParts';
import { liveStates, type LiveState } from './netStates';
import { inferPartialShapes, type LayerShapes } from './partialShapes';

/** A state of a net with the shapes that its blobs have then. */
export interface ShapedState extends LiveState {
  readonly shapes: ReadonlyMap<NetLayer, LayerShapes>;
}

interface Binding {
  readonly nets: readonly NetPart[];
  readonly solver: SolverParameter | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Everything that is known of one version of a document. Each step is done once, when it is first
 * asked for: what nobody looks at costs nothing.
 */
export class Analysis {
  private parsed: ParseResult | undefined;
  private documentIs: DocumentKind | undefined;
  private binding: Binding | undefined;
  private readonly shaped = new Map<NetPart, readonly ShapedState[]>();

  constructor(
    readonly source: SourceText,
    /** What is known of the databases that the document names. */
    readonly images: KnownImages = new Map(),
  ) {}

  get text(): string {
    return this.source.text;
  }

  get root(): MessageNode {
    return this.syntax.root;
  }

  /** The tree, with the syntax errors. */
  get syntax(): ParseResult {
    return (this.parsed ??= parsePrototxt(this.source));
  }

  get kind(): DocumentKind {
    return (this.documentIs ??= documentKind(this.root));
  }

  /** The nets of the document, those that a solver holds included. */
  get nets(): readonly NetPart[] {
    return this.bound.nets;
  }

  /** The bound message of a solver file. */
  get solver(): SolverParameter | undefined {
    return this.bound.solver;
  }

  /** What does not fit the schema; nothing for a document of a kind that has none here. */
  get schemaDiagnostics(): readonly Diagnostic[] {
    return this.bound.diagnostics;
  }

  /** The states that a net can be built in, with all shapes that can be known. */
  states(net: NetPart): readonly ShapedState[] {
    let states = this.shaped.get(net);
    if (states === undefined) {
      const known: ShapedState[] = [];
      for (const live of liveStates(net)) {
        const alike = known.find(({ layers }) => isSameList(layers, live.layers));
        const shapes = alike?.shapes ?? inferPartialShapes(live.layers, this.images);
        known.push({ ...live, shapes });
      }
      states = known;
      this.shaped.set(net, states);
    }
    return states;
  }

  /** The same document with more known of its databases; what does not depend on them is kept. */
  withImages(images: KnownImages): Analysis {
    const other = new Analysis(this.source, images);
    other.parsed = this.parsed;
    other.documentIs = this.documentIs;
    other.binding = this.binding;
    return other;
  }

  private get bound(): Binding {
    return (this.binding ??= this.bind());
  }

  private bind(): Binding {
    const hasSyntaxError = this.syntax.diagnostics.some(({ severity }) => severity === 'error');
    if (this.kind === 'net') {
      return { ...bindNets(this.text, this.root, hasSyntaxError), solver: undefined };
    }
    if (this.kind === 'other') return { nets: [], solver: undefined, diagnostics: [] };
    const { message, nodes, diagnostics } = bindMessage<SolverParameter>(
      this.root,
      caffeSchema,
      'SolverParameter',
    );
    const isSound = !hasSyntaxError && !diagnostics.some(({ severity }) => severity === 'error');
    const nets = heldNets(message).flatMap((net) => {
      const node = nodes.messageNode(net);
      return node === undefined ? [] : [netPart(this.text, node, net, nodes, isSound)];
    });
    return { nets, solver: message, diagnostics };
  }
}

function isSameList(a: readonly NetLayer[], b: readonly NetLayer[]): boolean {
  return a.length === b.length && a.every((layer, index) => layer === b[index]);
}

function heldNets(solver: SolverParameter): NetParameter[] {
  const { net_param, train_net_param, test_net_param } = solver;
  return [net_param, train_net_param, ...test_net_param].filter((net) => net !== undefined);
}
