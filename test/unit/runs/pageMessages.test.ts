import { describe, expect, it } from 'vitest';
import { describeRefused, parsePageMessage } from '../../../src/runs/pageMessages';
import { panelView } from '../../../src/runs/view/panelView';
import type { PanelView } from '../../../src/runs/panelMessages';
import { bestRun, stoppedBest } from './sampleBest';
import { finishedRun, runningRun } from './sampleRun';

const related = [{ runId: 'run-2', action: 'Show', text: 'it' }];
const best = panelView(bestRun(), { related, hasOtherRuns: true });
const bits = { weights: 4, input: 8, output: 8 };

describe('what the page as it is shown can send', () => {
  it.each([
    [{ type: 'ready' }],
    [{ type: 'action', action: 'savePrototxt' }],
    [{ type: 'action', action: 'showRuns' }],
    [{ type: 'revealLayer', layer: 'conv1' }],
    [{ type: 'selectPoint', index: 2 }],
    [{ type: 'selectPoint', index: undefined }],
    [{ type: 'scoreBits', keep: { conv1: bits, ip1: bits } }],
    [{ type: 'searchKeeping', keep: { conv1: bits } }],
    [{ type: 'searchKeeping', keep: {} }],
    [{ type: 'showRun', runId: 'run-2' }],
  ])('%j', (message) => {
    expect(parsePageMessage(message, best)).toEqual(message);
  });
  it('is also what helps against a failure', () => {
    const failure = { code: 'runtime/no-cuda', message: 'CUDA was asked for' };
    const view = panelView(runningRun(0, { status: 'failed', failure }));
    const message = { type: 'action', action: 'useCpu' };
    expect(parsePageMessage(message, view)).toEqual(message);
    expect(parsePageMessage(message, best)).toBeUndefined();
  });
  it('holds nothing but what is asked for', () => {
    const message = { type: 'action', action: 'openNet', path: '/etc/passwd', uri: 'file:///x' };
    expect(parsePageMessage(message, best)).toEqual({ type: 'action', action: 'openNet' });
    const keep = { conv1: { ...bits, file: '/etc/passwd' } };
    expect(parsePageMessage({ type: 'searchKeeping', keep }, best)).toEqual({
      type: 'searchKeeping',
      keep: { conv1: bits },
    });
  });
});

describe('what it cannot', () => {
  it.each([
    ['no message', undefined],
    ['null', null],
    ['a text', 'ready'],
    ['a list', [{ type: 'ready' }]],
    ['no type', {}],
    ['a type that is none', { type: 'run', command: 'rm' }],
    ['an inherited type', Object.create({ type: 'ready' }) as unknown],
    ['an action that is none', { type: 'action', action: 'constructor' }],
    ['an action that is not offered', { type: 'action', action: 'cancel' }],
    ['a layer that is none', { type: 'revealLayer', layer: '../../x' }],
    ['a layer that is no text', { type: 'revealLayer', layer: { toString: () => 'conv1' } }],
    ['a net that is none', { type: 'selectPoint', index: 3 }],
    ['a net of an odd index', { type: 'selectPoint', index: '__proto__' }],
    ['half a bit', { type: 'searchKeeping', keep: { conv1: { ...bits, weights: 4.5 } } }],
    ['no bit', { type: 'searchKeeping', keep: { conv1: { ...bits, input: 0 } } }],
    ['too many bits', { type: 'searchKeeping', keep: { conv1: { ...bits, output: 33 } } }],
    ['bits as text', { type: 'searchKeeping', keep: { conv1: { ...bits, weights: '4' } } }],
    ['bits of some layers to be scored', { type: 'scoreBits', keep: { conv1: bits } }],
    ['bits of a layer that is none', { type: 'searchKeeping', keep: { x: bits } }],
    [
      'bits of a prototype',
      JSON.parse(
        `{"type":"searchKeeping","keep":{"__proto__":{"weights":1,"input":1,"output":1}}}`,
      ),
    ],
    ['a run of another net', { type: 'showRun', runId: 'run-1' }],
    ['a path for a run', { type: 'showRun', runId: '../../run-2' }],
  ])('%s', (_, message: unknown) => {
    expect(parsePageMessage(message, best)).toBeUndefined();
    expect(describeRefused(message)).toMatch(/^the results page sent what it cannot ask for: /);
  });
  it('is anything but ready before the page has asked', () => {
    expect(parsePageMessage({ type: 'ready' }, undefined)).toEqual({ type: 'ready' });
    expect(parsePageMessage({ type: 'action', action: 'openNet' }, undefined)).toBeUndefined();
  });
  it('is named in the log in short', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(describeRefused(loop)).toContain('object');
    expect(describeRefused({ type: 'x'.repeat(10_000) }).length).toBeLessThan(300);
  });
});

it('takes nothing on trust: 20,000 messages at random', () => {
  const views: readonly PanelView[] = [
    best,
    panelView(stoppedBest(), { related }),
    panelView(finishedRun()),
    panelView(runningRun(2)),
  ];
  // A small generator of our own, so that a failure can be seen again.
  let state = 12345;
  const random = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const words = ['type', 'action', 'layer', 'index', 'keep', 'runId', 'ready', 'cancel', 'conv1']
    .concat('scoreBits', 'searchKeeping', 'showRun', 'selectPoint', 'revealLayer', 'savePrototxt')
    .concat('weights', 'input', 'output', '__proto__', 'constructor', '', '../x', '/etc/passwd');
  const word = (): string => words[random(words.length)] ?? '';
  const value = (depth: number): unknown => {
    switch (random(depth > 3 ? 7 : 9)) {
      case 0:
        return random(40) - 4;
      case 1:
        return random(1000) / 7;
      case 2:
        return null;
      case 3:
        return undefined;
      case 4:
        return random(2) === 0;
      case 5:
      case 6:
        return word();
      case 7:
        return Array.from({ length: random(4) }, () => value(depth + 1));
      default:
        return Object.fromEntries(
          Array.from({ length: random(6) }, () => [word(), value(depth + 1)]),
        );
    }
  };
  let obeyed = 0;
  for (let i = 0; i < 20_000; i++) {
    const view = views[random(views.length)] ?? best;
    const about = value(0);
    const message =
      random(4) === 0 ? about : { type: word(), [word()]: value(1), [word()]: value(1) };
    const parsed = parsePageMessage(message, view);
    if (parsed === undefined) continue;
    obeyed++;
    const text = JSON.stringify(parsed);
    expect(text).not.toContain('/etc/passwd');
    expect(text).not.toContain('../x');
    if (parsed.type === 'action') {
      expect([...view.actions, ...(view.failure?.actions ?? [])]).toContain(parsed.action);
    }
    if (parsed.type === 'searchKeeping' || parsed.type === 'scoreBits') {
      const names = view.layers.bits?.map(({ layer }) => layer);
      expect(names).toEqual(expect.arrayContaining(Object.keys(parsed.keep)));
    }
  }
  expect(obeyed).toBeGreaterThan(50);
});
