import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@mixdown/wam-catalog/tree-hash';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** Folders whose content decides what the build puts out. */
const FOLDERS = ['plugins', 'packages/wam-catalog/src', 'packages/contract/src'];
/** Tools whose version does. */
const TOOLS = ['@grame/faustwasm', 'vite', 'rolldown'];
const ignored = /(^|\/)(dist|node_modules|testing)\/|\.test\.ts$|\.md$/;

/** One hash over the contents of all that a build reads. */
export async function hashInputs(): Promise<string> {
  const parts: string[] = [];
  for (const folder of FOLDERS) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name).slice(root.length);
      if (!entry.isFile() || ignored.test(path)) continue;
      parts.push(`${path} ${sha256(await readFile(join(root, path)))}`);
    }
  }
  for (const tool of TOOLS) {
    const { version } = require(`${tool}/package.json`) as { version: string };
    parts.push(`${tool} ${version}`);
  }
  return sha256(parts.sort().join('\n'));
}
