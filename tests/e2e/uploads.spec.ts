import { expect, signIn, test } from './fixtures.ts';

/** A second of a 440 Hz tone as 16-bit mono WAV at 44.1 kHz: it has to be resampled to the project's rate. */
function tone(): Buffer {
  const rate = 44_100;
  const file = Buffer.alloc(44 + rate * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + rate * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(rate * 2, 40);
  for (let i = 0; i < rate; i++) {
    file.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + i * 2);
  }
  return file;
}

const BAD = [
  { name: 'empty.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0), words: /empty/i },
  {
    name: 'noise.mp3',
    mimeType: 'audio/mpeg',
    buffer: Buffer.alloc(5000, 'not audio at all '),
    words: /./,
  },
  { name: 'cut.wav', mimeType: 'audio/wav', buffer: tone().subarray(0, 40), words: /./ },
  {
    name: 'picture.wav',
    mimeType: 'audio/wav',
    buffer: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(3000, 7)]),
    words: /./,
  },
];

test('audio is uploaded, shown, and plays; what is not audio is refused in words', async ({
  page,
  mixdown,
}) => {
  await signIn(page, mixdown.url);
  await page.getByTestId('new-project').click();
  const create = page.getByRole('dialog').getByRole('button', { name: /create/i });
  if (await create.isVisible()) await create.click();
  await expect(page.getByTestId('add-audio').first()).toBeVisible();

  const add = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
    const choosing = page.waitForEvent('filechooser');
    await page.getByTestId('add-audio').first().click();
    await (await choosing).setFiles(file);
  };
  await add({ name: 'tone.wav', mimeType: 'audio/wav', buffer: tone() });
  const clip = page.locator('[data-testid^="clip-"]');
  await expect(clip).toHaveCount(1);
  await expect(clip).toHaveAccessibleName(/tone/i);
  await page.getByTestId('play').click();
  await expect(page.getByTestId('master-peak')).toHaveText(/−?\d/);
  await page.getByTestId('stop').click();

  for (const { words, ...file } of BAD) {
    await add(file);
    const alert = page.getByText(file.name).last();
    await expect(alert).toBeVisible();
    await expect(page.locator('body')).toContainText(words);
  }
  await page.reload();
  await expect(clip).toHaveCount(1);
});
