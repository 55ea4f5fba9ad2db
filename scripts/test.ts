/**
 * All tests: types, lint, dependency layers, then unit + database + golden + browser tests (Vitest) and, beside them,
 * the end-to-end tests (Playwright). Goes on after a failure, so that one run shows everything; ends with a total.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const results = path.join(root, 'test-results');

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** The name of each test that failed, with the first line of why. */
  failures?: string[];
}

/** Two runs that print at once cannot be read: `held` keeps what one prints for the end. */
function run(command: string, args: readonly string[], held?: Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const output = held ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio: ['inherit', output, output] });
    child.stdout?.on('data', (chunk: Buffer) => held?.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => held?.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** A runner that died has failed, whatever it had counted until then. */
const withExit = (counts: Counts, exit: number): Counts =>
  exit !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

async function check(command: string, args: readonly string[]): Promise<Counts> {
  const exit = await run(command, args);
  return { passed: exit === 0 ? 1 : 0, failed: exit === 0 ? 0 : 1, skipped: 0 };
}

async function vitest(): Promise<Counts> {
  const file = path.join(results, 'vitest.json');
  const exit = await run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(await readFile(file, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    testResults: {
      name: string;
      message?: string;
      assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
    }[];
  };
  const failures = report.testResults.flatMap((suite) => {
    const where = path.relative(root, suite.name);
    const tests = suite.assertionResults.filter((test) => test.status === 'failed');
    // A file that could not be collected has no tests to blame.
    if (suite.message && tests.length === 0) return [`${where}: ${firstLine(suite.message)}`];
    return tests.map((t) => `${where}: ${t.fullName}: ${firstLine(t.failureMessages?.[0])}`);
  });
  return withExit(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      failures,
    },
    exit,
  );
}

interface E2eSuite {
  title: string;
  suites?: E2eSuite[];
  specs: { title: string; ok: boolean; file: string; line: number }[];
}
const failedSpecs = (suite: E2eSuite): string[] => [
  ...suite.specs.filter((spec) => !spec.ok).map((s) => `${s.file}:${s.line}: ${s.title}`),
  ...(suite.suites ?? []).flatMap(failedSpecs),
];

async function endToEnd(held?: Buffer[]): Promise<Counts> {
  const exit = await run('playwright', ['test'], held);
  const report = JSON.parse(await readFile(path.join(results, 'e2e.json'), 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    suites: E2eSuite[];
  };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failures = report.suites.flatMap(failedSpecs);
  return withExit({ passed: expected, failed: unexpected + flaky, skipped, failures }, exit);
}

const firstLine = (text = '') => text.split('\n', 1)[0] ?? '';

interface Step {
  readonly name: string;
  readonly run: (held?: Buffer[]) => Promise<Counts>;
}
/** One row after the other. The end-to-end tests wait for sound and for each other most of the time, Vitest's do not. */
const ROWS: readonly (readonly Step[])[] = [
  [{ name: 'build', run: () => check('node', ['scripts/build.ts']) }],
  [{ name: 'types', run: () => check('tsc', ['--noEmit']) }],
  [{ name: 'lint', run: () => check('biome', ['check', '.']) }],
  [
    {
      name: 'layers',
      run: () =>
        check('depcruise', ['--config', '.dependency-cruiser.mjs', 'apps', 'packages', 'plugins']),
    },
  ],
  [
    { name: 'vitest', run: vitest },
    { name: 'end to end', run: endToEnd },
  ],
];

await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const only = process.argv.slice(2);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

async function take({ name, run: perform }: Step, held?: Buffer[]) {
  const started = performance.now();
  const counts = await perform(held).catch((error: unknown): Counts => {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  return { name, counts, held, seconds: ((performance.now() - started) / 1000).toFixed(0) };
}

for (const row of ROWS) {
  const steps = row.filter(({ name }) => only.length === 0 || only.includes(name));
  if (steps.length === 0) continue;
  console.log(`\n── ${steps.map(({ name }) => name).join(' and ')}`);
  const done = await Promise.all(steps.map((step, i) => take(step, i > 0 ? [] : undefined)));
  for (const { name, counts, held, seconds } of done) {
    if (held) process.stdout.write(Buffer.concat(held));
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    // A step without a list of its own has failed as a whole.
    if (counts.failed) failures.push(...(counts.failures?.length ? counts.failures : [name]));
    console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`);
  }
}
// Where only the end of a long output is kept, this is the part that helps.
if (failures.length) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed ? 1 : 0;
