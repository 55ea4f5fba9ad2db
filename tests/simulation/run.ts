/**
 * Runs many simulations and prints what fails.
 *
 *   node tests/simulation/run.ts                    2000 seeds from 1
 *   node tests/simulation/run.ts --count 10000 --from 5000
 *   node tests/simulation/run.ts --seed 42          one, in detail
 *   node tests/simulation/run.ts --seed 42 --trace 200
 *   node tests/simulation/run.ts --protections      what breaks without each of them
 */
import { parseArgs } from 'node:util';
import { ALL_PROTECTIONS, type Protections } from '@mixdown/core';
import { simulate } from './simulate.ts';
import { PROTECTIONS, SEEDS, whatBreaks } from './what-breaks.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '2000' },
    /** Prints what is said on the wire, cut to so many characters a line. */
    trace: { type: 'string' },
    /** Names of protections to switch off, separated by commas: shows what they are there for. */
    without: { type: 'string', default: '' },
    /** Switches each protection off, one after the other, and prints what breaks. */
    protections: { type: 'boolean', default: false },
  },
});

/** True where each is needed, and nothing fails with all of them. */
async function listProtections(): Promise<boolean> {
  const line = (name: string, seeds: number, first: string) =>
    console.log(`${name.padEnd(22)} ${String(seeds).padStart(2)} of ${SEEDS.length}  ${first}`);
  let good = true;
  for (const name of [null, ...PROTECTIONS]) {
    const broken: { seed: number; wrong: string }[] = [];
    for await (const one of whatBreaks(name ? { [name]: false } : {})) broken.push(one);
    const [first] = broken;
    line(name ?? 'none off', broken.length, first ? `seed ${first.seed}: ${first.wrong}` : '');
    good &&= broken.length > 0 === (name !== null);
  }
  return good;
}
if (values.protections) process.exit((await listProtections()) ? 0 : 1);

const off = values.without.split(',').filter((name) => name !== '');
for (const name of off)
  if (!(name in ALL_PROTECTIONS)) throw new Error(`there is no protection "${name}"`);
const protections = Object.fromEntries(off.map((name) => [name, false])) as Partial<Protections>;

const width = Number(values.trace);
const trace = values.trace ? (line: string) => console.log(line.slice(0, width)) : undefined;

const one = values.seed !== undefined;
const from = Number(one ? values.seed : values.from);
const count = one ? 1 : Number(values.count);
const began = performance.now();
let failed = 0;
let operations = 0;
let set = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const result = await simulate({ seed, protections, ...(trace && { trace }) });
  operations += result.operations;
  set += result.values;
  if (one) console.log(result);
  if (result.wrong.length === 0) continue;
  failed += 1;
  console.log(`seed ${seed}:\n  ${result.wrong.slice(0, one ? 50 : 4).join('\n  ')}`);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${count} seeds, ${failed} failed; ${set} values, ${operations} operations, ${seconds.toFixed(1)} s`,
);
process.exitCode = failed > 0 ? 1 : 0;
