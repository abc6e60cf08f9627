import type { FromPage, KeptBitsView, PanelView } from './panelMessages';

/**
 * Checks what a page sent. The page shows names out of foreign files, so that the host takes nothing
 * from it on trust: a message must be one of those that the page as it is shown can send. No message
 * carries a path; files are the run's own or come from the host's dialogs.
 *
 * @param view what the page shows now; undefined where it has not asked for anything yet
 * @returns undefined for what the host is not to obey
 */
export function parsePageMessage(
  message: unknown,
  view: PanelView | undefined,
): FromPage | undefined {
  const type = own(message, 'type');
  if (type === 'ready') return { type };
  if (view === undefined) return undefined;
  switch (type) {
    case 'action': {
      const action = own(message, 'action');
      const offered = [...view.actions, ...(view.failure?.actions ?? [])];
      return isOneOf(offered, action) ? { type, action } : undefined;
    }
    case 'revealLayer': {
      const layer = own(message, 'layer');
      const layers = view.layers.rows.map((row) => row.layer);
      return isOneOf(layers, layer) ? { type, layer } : undefined;
    }
    case 'selectPoint': {
      const index = own(message, 'index');
      const indices = (view.points?.points ?? []).map((point) => point.index);
      return index === undefined || isOneOf(indices, index) ? { type, index } : undefined;
    }
    case 'showRun': {
      const runId = own(message, 'runId');
      const related = view.related.map((run) => run.runId);
      return isOneOf(related, runId) ? { type, runId } : undefined;
    }
    case 'scoreBits':
    case 'searchKeeping': {
      const keep = keptBits(own(message, 'keep'), view);
      if (keep === undefined) return undefined;
      // All layers are scored with the bits given; a search may keep those of any.
      const isWhole = view.layers.bits?.every(({ layer }) => Object.hasOwn(keep, layer)) ?? false;
      return type === 'searchKeeping' || isWhole ? { type, keep } : undefined;
    }
    default:
      return undefined;
  }
}

/** Says in the log what was refused, without repeating what it holds at length. */
export function describeRefused(message: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(message);
  } catch {
    // A value that is no JSON, as one that holds itself.
  }
  return `the results page sent what it cannot ask for: ${(text ?? typeof message).slice(0, 200)}`;
}

/** Most bits of a number that can be asked for; float32 has as many. */
const mostBits = 32;

function keptBits(value: unknown, { layers }: PanelView): KeptBitsView | undefined {
  if (layers.bits === undefined || !isRecord(value)) return undefined;
  const editable = layers.bits.map(({ layer }) => layer);
  const kept: [string, KeptBitsView[string]][] = [];
  for (const [layer, bits] of Object.entries(value)) {
    const weights = own(bits, 'weights');
    const input = own(bits, 'input');
    const output = own(bits, 'output');
    if (!isOneOf(editable, layer)) return undefined;
    if (!isBits(weights) || !isBits(input) || !isBits(output)) return undefined;
    kept.push([layer, { weights, input, output }]);
  }
  // Unlike an assignment this makes a key of `__proto__` a key like others.
  return Object.fromEntries(kept);
}

function isBits(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostBits;
}

/** A property of an object's own; undefined of anything else. */
function own(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string | number>(allowed: readonly T[], value: unknown): value is T {
  return (allowed as readonly unknown[]).includes(value);
}
