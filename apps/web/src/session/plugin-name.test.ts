import { expect, it } from 'vitest';
import { nameFromId } from './plugin-name.ts';

it.each([
  ['mixdown.tape-echo', 'Tape Echo'],
  ['acme.reverbs.big_hall', 'Big Hall'],
  ['echo', 'Echo'],
  ['acme.', 'Acme'],
  ['', ''],
])('calls %j %j', (id, name) => expect(nameFromId(id)).toBe(name));
