import { describe, expect, it } from 'vitest';
import { takesPart } from '../../../src/caffe/phase';
import { inputs, layer, netOf } from '../../support/nets';

const test = { phase: 'TEST', level: 0, stages: [] } as const;
const train = { ...test, phase: 'TRAIN' } as const;

describe('rules that put a layer into a net', () => {
  it.each([
    ['no rule', '', test, true],
    ['include of this phase', 'include { phase: TEST }', test, true],
    ['include of the other phase', 'include { phase: TRAIN }', test, false],
    ['exclude of this phase', 'exclude { phase: TEST }', test, false],
    ['exclude of the other phase', 'exclude { phase: TRAIN }', test, true],
    ['the TRAIN phase', 'include { phase: TRAIN }', train, true],
    ['one of several includes', 'include { phase: TRAIN } include { phase: TEST }', test, true],
    ['one of several excludes', 'exclude { phase: TRAIN } exclude { phase: TEST }', test, false],
    ['an include without conditions', 'include { }', train, true],
    ['an exclude without conditions', 'exclude { }', train, false],
    ['min_level reached', 'include { min_level: 1 }', { ...test, level: 1 }, true],
    ['min_level not reached', 'include { min_level: 1 }', test, false],
    ['min_level below 0', 'include { min_level: -1 }', { ...test, level: -2 }, false],
    ['no min_level', 'include { phase: TEST }', { ...test, level: -2 }, true],
    ['max_level kept', 'include { max_level: 1 }', { ...test, level: 1 }, true],
    ['max_level exceeded', 'include { max_level: 1 }', { ...test, level: 2 }, false],
    ['max_level of 0', 'include { max_level: 0 }', { ...test, level: 1 }, false],
    ['a stage', 'include { stage: "deploy" }', { ...test, stages: ['deploy', 'x'] }, true],
    ['a stage not set', 'include { stage: "deploy" }', test, false],
    ['two stages, one set', 'include { stage: "a" stage: "b" }', { ...test, stages: ['a'] }, false],
    ['not_stage', 'include { not_stage: "a" }', { ...test, stages: ['a'] }, false],
    ['not_stage of another', 'include { not_stage: "a" }', { ...test, stages: ['b'] }, true],
    ['phase and stage', 'include { phase: TRAIN stage: "a" }', { ...test, stages: ['a'] }, false],
    [
      'two not_stages, one set',
      'exclude { not_stage: "a" not_stage: "b" }',
      { ...test, stages: ['b'] },
      true,
    ],
  ] as const)('%s: %s', (_, rules, state, isIn) => {
    const net = netOf(`${inputs('x')} ${layer('l', 'ReLU', 'x', 'y', rules)}`, state);
    expect(net.layers.some(({ name }) => name === 'l')).toBe(isIn);
  });

  it('keeps to the includes where there are both', () => {
    const rule = netOf(inputs('x') + layer('l', 'ReLU', 'x', 'y', 'include { phase: TEST }'))
      .layers.at(-1)
      ?.param.include.at(0);
    const rules = rule === undefined ? [] : [rule];
    expect(takesPart({ include: rules, exclude: rules }, test)).toBe(true);
    expect(takesPart({ include: rules, exclude: rules }, train)).toBe(false);
  });

  it('takes the layers of one phase where two share a name', () => {
    const both =
      inputs('x') +
      layer('l', 'ReLU', 'x', 'y', 'include { phase: TEST }') +
      layer('l', 'Dropout', 'x', 'y', 'include { phase: TRAIN }');
    expect(netOf(both, test).layers.map(({ type }) => type)).toEqual(['Input', 'ReLU']);
    expect(netOf(both, train).layers.map(({ type }) => type)).toEqual(['Input', 'Dropout']);
  });
});

it('stages that the file names count beside the caller’s', () => {
  const text = `state { stage: "deploy" } ${inputs('a')} ${layer('r', 'ReLU', 'a', 'r', 'exclude { stage: "deploy" }')}`;
  expect(netOf(text).layers.map(({ type }) => type)).toEqual(['Input']);
  expect(netOf(text).state.stages).toEqual(['deploy']);
});
