import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword } from './passwords.ts';

describe('passwords', () => {
  it('are known again, and no other one is', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$/);
    expect(await checkPassword('correct horse', hash)).toBe(true);
    expect(await checkPassword('correct horsf', hash)).toBe(false);
    expect(await checkPassword('', hash)).toBe(false);
  });

  it('have a salt each', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('are the same however their characters are composed', async () => {
    expect(await checkPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
  });

  it.each([null, '', 'plain', '$scrypt$ln=31,r=8,p=1$AAAA$AAAA', '$scrypt$ln=1,r=8,p=1$AAAA$AAAA'])(
    'never match %j',
    async (stored) => {
      expect(await checkPassword('', stored)).toBe(false);
      expect(await checkPassword('plain', stored)).toBe(false);
    },
  );
});
