import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/mixdown-server.ts';

const documents = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && existsSync(path.join(ROOT, file)));

/** Targets of links and pictures that mean files of this repository. */
const targets = (markdown: string) =>
  [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] as string)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ''));

it.each(documents)('%s links to files that exist', (file) => {
  const from = path.join(ROOT, path.dirname(file));
  const missing = targets(readFileSync(path.join(ROOT, file), 'utf8')).filter(
    (target) => !existsSync(path.resolve(from, target)),
  );
  expect(missing).toEqual([]);
});
