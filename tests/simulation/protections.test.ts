import type { Protections } from '@mixdown/core';
import { describe, expect, it } from 'vitest';
import { PROTECTIONS, whatBreaks } from './what-breaks.ts';

const first = async (protections: Partial<Protections>) => {
  const { value } = await whatBreaks(protections).next();
  return value ? `seed ${value.seed}: ${value.wrong}` : null;
};

describe('each protection of the room', () => {
  it('together with the others, leaves nothing to go wrong in these seeds', async () => {
    expect(await first({})).toBeNull();
  });

  it.each(PROTECTIONS)('is needed: %s', async (name) => {
    expect(await first({ [name]: false })).not.toBeNull();
  });
});
