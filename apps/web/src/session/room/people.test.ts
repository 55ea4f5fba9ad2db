import type { Presence } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { holderOf, initialsOf, lookingAt, peopleOf } from './people.ts';

const NOWHERE = { trackId: null, pluginId: null, paramId: null };
const tab = (session: string, userId: string, more: Partial<Presence> = {}): Presence => ({
  session,
  userId,
  name: userId,
  color: 1,
  role: 'editor',
  focus: NOWHERE,
  state: 'here',
  ...more,
});
const self = { session: 's-me', userId: 'me' };
const stateOf = (people: readonly Presence[], locks = {}) => ({
  people,
  known: Object.fromEntries(people.map((p) => [p.session, p])),
  locks,
  self,
});
const lockOf = (holder: string, user: string, mine = false) => ({ mine, holder, user, fence: 1 });

describe('people in a room', () => {
  it('are one each, however many tabs they have, oneself first', () => {
    const people = peopleOf(
      stateOf([tab('s1', 'zoe'), tab('s2', 'ana'), tab('s-me', 'me'), tab('s3', 'zoe')]),
    );
    expect(people.map((p) => [p.name, p.tabs.length, p.self])).toEqual([
      ['me', 1, true],
      ['ana', 1, false],
      ['zoe', 2, false],
    ]);
  });

  it('are reconnecting only when none of their tabs is here', () => {
    const away = { state: 'reconnecting' } as const;
    const some = peopleOf(stateOf([tab('s1', 'ana', away), tab('s2', 'ana')]));
    expect(some[0]?.reconnecting).toBe(false);
    expect(peopleOf(stateOf([tab('s1', 'ana', away)]))[0]?.reconnecting).toBe(true);
  });

  it('have initials', () => {
    expect(['ana', 'Ana Lima', 'ana.maria-lima', 'Élodie', ' ', '12 inch'].map(initialsOf)).toEqual(
      ['A', 'AL', 'AL', 'É', '?', '1I'],
    );
  });

  it('look at tracks and effects, oneself left out', () => {
    const focus = { trackId: 't1', pluginId: 'p1', paramId: null };
    const state = stateOf([
      tab('s1', 'ana', { focus }),
      tab('s2', 'ana', { focus }),
      tab('s-me', 'me', { focus }),
      tab('s4', 'me', { focus }),
    ]);
    expect(lookingAt(state, { trackId: 't1' }).map((p) => p.userId)).toEqual(['ana']);
    expect(lookingAt(state, { pluginId: 'p2' })).toEqual([]);
  });
});

describe('the holder of an effect', () => {
  it('is nobody while it is free or ours', () => {
    expect(holderOf(stateOf([]), 'p1')).toBeNull();
    expect(holderOf(stateOf([], { p1: lockOf('s-me', 'me', true) }), 'p1')).toBeNull();
  });

  it('is named, and told from somebody who is coming back', () => {
    const locks = { p1: lockOf('s1', 'ana') };
    expect(holderOf(stateOf([tab('s1', 'ana')], locks), 'p1')).toMatchObject({
      words: 'Ana is editing',
      color: 1,
    });
    const away = tab('s1', 'ana', { state: 'reconnecting' });
    expect(holderOf(stateOf([away], locks), 'p1')?.words).toBe('Ana, reconnecting');
    // Gone from the list, while the lease runs on.
    const gone = { ...stateOf([], locks), known: { s1: tab('s1', 'ana') } };
    expect(holderOf(gone, 'p1')?.words).toBe('Ana, reconnecting');
  });

  it('may be oneself in another tab, or somebody whom this page has never seen', () => {
    const other = stateOf([tab('s9', 'me')], { p1: lockOf('s9', 'me') });
    expect(holderOf(other, 'p1')).toMatchObject({
      self: true,
      words: 'You are editing in another tab',
    });
    const unknown = stateOf([], { p1: lockOf('s7', 'who') });
    expect(holderOf(unknown, 'p1')?.words).toBe('Somebody, reconnecting');
  });
});
