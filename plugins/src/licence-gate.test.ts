import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { COLLECTION } from './collection.ts';
import { createDspCompiler } from './compile-dsp.ts';
import { licenceProblems } from './licence-gate.ts';

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
const compile = await createDspCompiler({
  'mixdown.lib': await read('shared/mixdown.lib'),
  'unstated.lib': 'double(x) = x * 2.0;',
});
const standard = 'import("stdfaust.lib");\n';

describe('the licence gate', () => {
  it('stops a build that uses a GPL function', async () => {
    await expect(
      compile(
        'gpl',
        `${standard}process = co.FFcompressor_N_chan(0.5, -10, 0.1, 0.1, 3, 1, 1, _, 2);`,
        [],
      ),
    ).rejects.toThrow(/gpl may not be shipped: .*FFcompressor_N_chan is under GPL-3.0-only/);
    await expect(
      compile('gpl', `${standard}process = co.limiter_lad_stereo(0.01, 1, 0.01, 0.1, 1);`, []),
    ).rejects.toThrow(/GPL-3.0-only/);
  });

  it('finds GPL that comes in through a harmless name, whichever way the key is spelt', async () => {
    await expect(
      compile('sliding', `${standard}process = ba.slidingMax(64, 64), ba.slidingMax(64, 64);`, []),
    ).rejects.toThrow(/is under GPL-3.0-only/);
  });

  it('stops a library that states no licence', async () => {
    await expect(
      compile('unstated', 'import("unstated.lib");\nprocess = double, double;', []),
    ).rejects.toThrow(/unstated.lib states no licence/);
  });

  it('lets all of the collection pass', async () => {
    for (const { folder, parameters } of COLLECTION) {
      await compile(folder, await read(`${folder}/${folder}.dsp`), parameters);
    }
  });

  it('knows what it allows', () => {
    const stated = (licence: string, key = 'a.lib/f:license') =>
      licenceProblems({ meta: [{ [key]: licence }] });
    for (const licence of ['MIT', 'LicenseRef-STK-4.3', 'BSD-3-Clause', 'LGPL with exception']) {
      expect(stated(licence)).toEqual([]);
    }
    for (const licence of ['GPL-3.0-only', 'AGPL-3.0-only', 'LGPL-3.0-only', 'MITigated', '']) {
      expect(stated(licence)).toHaveLength(1);
    }
    expect(stated('GPL-2.0-or-later', 'license')).toEqual([
      'the source itself is under GPL-2.0-or-later',
    ]);
  });
});

describe('compiling a DSP', () => {
  it('reports what the compiler says about a faulty source', async () => {
    await expect(compile('faulty', 'process = nonsense;', [])).rejects.toThrow(/nonsense/);
  });
  it('wants stereo', async () => {
    await expect(compile('mono', 'process = _;', [])).rejects.toThrow(/1 inputs and 1 outputs/);
  });
  it('wants every overlay to be used', async () => {
    const [first] = COLLECTION[0]?.parameters ?? [];
    await expect(compile('idle', 'process = _, _;', first ? [first] : [])).rejects.toThrow(
      /does not use "lowOn"/,
    );
  });
});
