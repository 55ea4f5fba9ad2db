import { PLUGIN_FAILURES } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';

describe('describeFailure', () => {
  it.each(PLUGIN_FAILURES)(
    '%s is told in plain words, with what becomes of the sound',
    (failure) => {
      const { title, detail } = describeFailure(failure, { name: 'Warm Delay' });
      expect(title).toContain('Warm Delay');
      expect(detail).toContain('passes the sound through');
      expect(`${title} ${detail}`).not.toMatch(/_|null|undefined|exception|404|NaN/i);
    },
  );

  it('has words for a plugin without a name', () => {
    expect(describeFailure('not_found', null).title).toBe('The plugin could not be found');
  });
});
