import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachment } from './content-disposition.ts';

describe('attachment', () => {
  it.each([
    ['song.wav', 'attachment; filename="song.wav"'],
    [
      'Été à 5.mp3',
      'attachment; filename="_t_ _ 5.mp3"; filename*=UTF-8\'\'%C3%89t%C3%A9%20%C3%A0%205.mp3',
    ],
    [
      'a/b\\c\r\n"d".wav',
      'attachment; filename="a_b_c___d_.wav"; filename*=UTF-8\'\'a_b_c__%22d%22.wav',
    ],
    ['  ', 'attachment; filename="download"'],
  ])('%j', (name, header) => {
    expect(attachment(name)).toBe(header);
  });

  it('is one line of printable ASCII for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(attachment(name)).toMatch(
          /^attachment; filename="[ -~]+"(; filename\*=UTF-8''[!-~]+)?$/,
        );
      }),
    );
  });
});
