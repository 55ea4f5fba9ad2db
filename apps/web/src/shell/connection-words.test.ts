import { describe, expect, it } from 'vitest';
import { type ConnectionFacts, connectionStatus, saveState } from './connection-words.ts';

const facts: ConnectionFacts = { mode: 'live', save: 'saved', unsaved: 0, online: true };

describe('the connection in one word', () => {
  it.each([
    [{}, 'live'],
    [{ mode: 'off' }, 'saved'],
    [{ unsaved: 2 }, 'saving'],
    [{ save: 'saving' }, 'saving'],
    [{ mode: 'connecting' }, 'connecting'],
    [{ mode: 'reconnecting', unsaved: 1 }, 'reconnecting'],
    [{ mode: 'alone' }, 'alone'],
    [{ mode: 'reconnecting', online: false }, 'offline'],
    [{ save: 'offline' }, 'offline'],
    [{ save: 'expired', online: false }, 'expired'],
  ] as const)('%o is %s', (given, status) => {
    expect(connectionStatus({ ...facts, ...given })).toBe(status);
  });

  it('says that something is not saved whichever way it goes', () => {
    expect(saveState(facts)).toBe('saved');
    expect(saveState({ ...facts, unsaved: 1 })).toBe('saving');
    expect(saveState({ ...facts, save: 'offline', unsaved: 1 })).toBe('offline');
  });
});
