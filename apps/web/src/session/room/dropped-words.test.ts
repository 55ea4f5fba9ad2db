import { describe, expect, it } from 'vitest';
import { TEST_ENTRY } from '../testing/demo-snapshot.ts';
import { droppedWords } from './dropped-words.ts';

const facts = {
  params: { cutoff: 2000 },
  now: { cutoff: 500, resonance: 1 },
  entry: TEST_ENTRY,
  pluginName: 'Filter',
  who: 'Ana',
};

describe('edits that were not kept', () => {
  it('are told by parameter, value, who, and what stands there now', () => {
    expect(droppedWords({ ...facts, why: 'locked' })).toEqual({
      title: 'Not kept: Cutoff 2.00 kHz of Filter',
      detail: 'Ana is editing it. Now: Cutoff 500 Hz.',
    });
    expect(droppedWords({ ...facts, why: 'lost_lock', who: null }).detail).toBe(
      'Somebody else changed it meanwhile. Now: Cutoff 500 Hz.',
    );
    expect(droppedWords({ ...facts, why: 'gone' }).detail).toBe('Filter has been removed.');
    expect(droppedWords({ ...facts, why: 'invalid', now: {} }).detail).toBe(
      'The server does not take this value.',
    );
  });

  it('are counted where they are many', () => {
    const params = { a: 1, b: 2, c: 3, d: 4 };
    const { title } = droppedWords({ ...facts, params, why: 'locked' });
    expect(title).toBe('Not kept: a, b and 2 more of Filter');
  });
});
