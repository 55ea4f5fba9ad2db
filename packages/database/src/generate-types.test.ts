import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateTypes, TYPES_FILE } from './generate-types.ts';
import { createTestDatabase } from './testing.ts';

it('types.ts says what the migrations made', async () => {
  const db = await createTestDatabase();
  try {
    expect(await readFile(TYPES_FILE, 'utf8')).toBe(await generateTypes(db.url));
  } finally {
    await db.drop();
  }
});
