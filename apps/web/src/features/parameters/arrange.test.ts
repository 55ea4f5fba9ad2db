import type { ParameterOverlay } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessibleName, arrange, filterGroups, splitSwitch } from './arrange.ts';
import { choiceOptions, controlFor } from './control-for.ts';

const parameter = (over: Partial<ParameterOverlay>): ParameterOverlay => ({
  id: 'gain',
  label: 'Gain',
  unit: 'dB',
  kind: 'continuous',
  scale: 'linear',
  min: -12,
  max: 12,
  default: 0,
  step: 0.1,
  group: 'Main',
  ...over,
});
const many = (count: number, over: Partial<ParameterOverlay> = {}) =>
  Array.from({ length: count }, (_, at) => parameter({ id: `p${at}`, label: `P ${at}`, ...over }));
const ids = (groups: ReadonlyArray<{ parameters: readonly ParameterOverlay[] }>) =>
  groups.flatMap((group) => group.parameters.map((p) => p.id));

describe('arrange', () => {
  it('groups in the order of first appearance', () => {
    const list = [
      parameter({ id: 'a', group: 'Low' }),
      parameter({ id: 'b', group: 'High' }),
      parameter({ id: 'c', group: 'Low' }),
    ];
    expect(arrange(list, { inferred: false }).groups).toMatchObject([
      { name: 'Low', parameters: [{ id: 'a' }, { id: 'c' }] },
      { name: 'High', parameters: [{ id: 'b' }] },
    ]);
  });
  it('leaves hidden parameters out', () =>
    expect(ids(arrange([parameter({ hidden: true })], { inferred: false }).groups)).toEqual([]));
  it('shows twelve without filter and fold', () =>
    expect(arrange(many(12), { inferred: true })).toMatchObject({
      advanced: [],
      filterable: false,
    }));
  it('folds the rest of thirteen away where nobody sorted them', () => {
    const arranged = arrange(many(13), { inferred: true });
    expect(arranged.filterable).toBe(true);
    expect(ids(arranged.advanced)).toEqual(['p12']);
  });
  it('folds only the group Advanced where somebody did', () => {
    const arranged = arrange([...many(20), parameter({ id: 'x', group: 'Advanced' })], {
      inferred: false,
    });
    expect(ids(arranged.groups)).toHaveLength(20);
    expect(ids(arranged.advanced)).toEqual(['x']);
  });
  it('loses no visible parameter and shows none twice', () => {
    const group = fc.constantFrom('A', 'B', 'Advanced');
    fc.assert(
      fc.property(
        fc.array(fc.record({ group, hidden: fc.boolean() }), { maxLength: 40 }),
        fc.boolean(),
        (rows, inferred) => {
          const list = rows.map((row, at) => parameter({ ...row, id: `p${at}` }));
          const { groups, advanced } = arrange(list, { inferred });
          const expected = list.filter((p) => !p.hidden).map((p) => p.id);
          expect([...ids(groups), ...ids(advanced)].sort()).toEqual(expected.sort());
        },
      ),
    );
  });
});

describe('filterGroups', () => {
  const groups = arrange(
    [
      parameter({ id: 'lowGain', group: 'Low' }),
      parameter({ id: 'highGain', group: 'High' }),
      parameter({ id: 'highFreq', label: 'Frequency', group: 'High' }),
    ],
    { inferred: false },
  ).groups;
  it('wants every word, in label, group or id', () => {
    expect(ids(filterGroups(groups, 'high gain'))).toEqual(['highGain']);
    expect(ids(filterGroups(groups, 'GAIN'))).toEqual(['lowGain', 'highGain']);
    expect(filterGroups(groups, 'nothing')).toEqual([]);
  });
  it('shows everything for no words', () => expect(filterGroups(groups, '  ')).toEqual(groups));
});

it('names the group where labels repeat', () => {
  const low = parameter({ id: 'low', group: 'Low' });
  const high = parameter({ id: 'high', group: 'High' });
  expect(accessibleName(low, [low, high], 'Equaliser')).toBe('Low Gain, Equaliser');
  expect(accessibleName(low, [low], 'Equaliser')).toBe('Gain, Equaliser');
});

describe('controls', () => {
  it.each([
    [{ kind: 'continuous' }, 'knob'],
    [{ kind: 'switch', min: 0, max: 1 }, 'toggle'],
    [{ kind: 'choice', min: 0, max: 3 }, 'segmented'],
    [{ kind: 'choice', min: 0, max: 4 }, 'select'],
    [{ kind: 'integer', min: 0, max: 12 }, 'stepper'],
    [{ kind: 'integer', min: 0, max: 13 }, 'knob'],
  ] as const)('%j → %s', (over, expected) => expect(controlFor(parameter(over))).toBe(expected));
  it('counts choices from the minimum and names the nameless', () =>
    expect(
      choiceOptions(parameter({ kind: 'choice', min: 1, max: 3, choices: ['One', 'Two'] })),
    ).toEqual([
      { value: 1, label: 'One' },
      { value: 2, label: 'Two' },
      { value: 3, label: '3' },
    ]));
});

describe('a group’s own switch', () => {
  const on = parameter({ id: 'on', label: 'On', kind: 'switch', min: 0, max: 1 });
  const gain = parameter({});
  const split = (...parameters: ParameterOverlay[]) => splitSwitch({ name: 'Low', parameters });
  it('goes beside the name', () => expect(split(on, gain)).toEqual({ power: on, rest: [gain] }));
  it('stays where it is alone, elsewhere or called otherwise', () => {
    expect(split(on).power).toBeNull();
    expect(split(gain, on).power).toBeNull();
    expect(split({ ...on, label: 'Low cut' }, gain).power).toBeNull();
  });
});
