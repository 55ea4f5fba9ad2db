export interface TapReport {
  readonly planned: number | null;
  readonly passed: number;
  /** Each failed test with the comments that follow it. */
  readonly failures: readonly string[];
}

const RESULT = /^(not )?ok\b/;

/** Reads TAP (Test Anything Protocol) lines. A plan that is missing or not met counts as a failure. */
export function parseTap(text: string): TapReport {
  let planned: number | null = null;
  let passed = 0;
  const failures: string[] = [];
  let inFailure = false;
  for (const line of text.split('\n')) {
    const plan = /^1\.\.(\d+)/.exec(line);
    const result = RESULT.exec(line);
    if (plan) planned = Number(plan[1]);
    else if (result?.[1]) {
      failures.push(line);
      inFailure = true;
    } else if (result) {
      passed++;
      inFailure = false;
    } else if (inFailure && line.startsWith('#') && !line.startsWith('# Looks like')) {
      failures.push(`${failures.pop()}\n${line}`);
    }
  }
  const ran = passed + failures.length;
  if (planned !== ran) failures.push(`planned ${planned ?? 'nothing'}, ran ${ran}`);
  return { planned, passed, failures };
}
