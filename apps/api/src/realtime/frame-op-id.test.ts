import { Id } from '@mixdown/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameOpId } from './frame-op-id.ts';

it('is a UUID that follows from plugin, fence and frame, and from nothing else', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(), fc.nat(), fc.nat(), (plugin, fence, n, other) => {
      const id = frameOpId(plugin, fence, n);
      expect(Id.parse(id)).toBe(id);
      expect(frameOpId(plugin, fence, n)).toBe(id);
      if (other !== n) expect(frameOpId(plugin, fence, other)).not.toBe(id);
      if (other !== fence) expect(frameOpId(plugin, other, n)).not.toBe(id);
    }),
  );
});
