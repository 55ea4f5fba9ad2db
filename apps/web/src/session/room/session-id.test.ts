import { beforeEach, describe, expect, it } from 'vitest';
import { forgetSessionId, keepSessionId, reclaimSessionId, sessionId } from './session-id.ts';

function createStorage(kept = new Map<string, string>()) {
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

beforeEach(forgetSessionId);

describe('a tab’s session id', () => {
  it('is what the gateway takes, and the same for as long as the page lives', () => {
    const storage = createStorage();
    const id = sessionId(() => storage);
    expect(id).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
    expect(sessionId(() => storage)).toBe(id);
  });

  it('is kept over a reload', () => {
    const storage = createStorage();
    const id = sessionId(() => storage);
    keepSessionId(() => storage);
    forgetSessionId();
    expect(sessionId(() => storage)).toBe(id);
  });

  it('is another one in a tab that was duplicated, which copies the storage of a page that runs', () => {
    const storage = createStorage();
    const id = sessionId(() => storage);
    const copy = createStorage(new Map(storage.kept));
    forgetSessionId();
    expect(sessionId(() => copy)).not.toBe(id);
  });

  it('leaves the storage again when the page comes back out of the browser’s cache', () => {
    const storage = createStorage();
    sessionId(() => storage);
    keepSessionId(() => storage);
    reclaimSessionId(() => storage);
    expect(storage.kept.size).toBe(0);
  });

  it('does without storage', () => {
    const none = () => {
      throw new Error('no storage');
    };
    expect(sessionId(none)).toMatch(/^[a-z0-9]{32}$/);
    keepSessionId(none);
  });
});
