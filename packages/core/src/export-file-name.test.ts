import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFileName } from './export-file-name.ts';

describe('exportFileName', () => {
  it.each([
    ['Night drive', 'wav', 'Night drive.wav'],
    ['Größe – 夜', 'mp3', 'Größe – 夜.mp3'],
    ['a/b\\c:d*e?f"g<h>i|j', 'flac', 'a-b-c-d-e-f-g-h-i-j.flac'],
    ['..', 'wav', 'Mixdown.wav'],
    ['.hidden', 'wav', 'hidden.wav'],
    ['  \u202egnp.exe ', 'wav', 'gnp.exe.wav'],
    ['CON', 'wav', 'CON mix.wav'],
    ['two\nlines\u2028and\tmore', 'wav', 'two lines and more.wav'],
    ['夜'.repeat(120), 'flac', `${'夜'.repeat(80)}.flac`],
    ['x'.repeat(200), 'wav', `${'x'.repeat(120)}.wav`],
    ['🎹'.repeat(100), 'wav', `${'🎹'.repeat(60)}.wav`],
  ])('makes %j a %s file', (name, format, file) => {
    expect(exportFileName(name, format)).toBe(file);
  });

  it('is a file name everywhere, whatever the project is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
        const file = exportFileName(name, 'mp3');
        expect(file).toMatch(/^[^\p{Cc}\p{Cf}<>:"/\\|?*]+\.mp3$/u);
        expect(file).not.toMatch(/^[.\s]/);
        expect(file.length).toBeLessThanOrEqual(128);
        expect(file.isWellFormed()).toBe(true);
      }),
    );
  });
});
