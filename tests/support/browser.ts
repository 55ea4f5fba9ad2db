import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const packageDir = path.join(root, 'node_modules/@sparticuz/chromium');

/**
 * The npm package unpacks into the folder for temporary files and trusts whatever stands there. A process of its own
 * with a private TMPDIR, and a rename at the end, keep half-written browsers and other projects' browsers away.
 * `AWS_EXECUTION_ENV` makes it unpack the shared libraries (NSS and friends) that bare machines lack.
 */
async function unpack(target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}-unpacking-`);
  const script =
    "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`unpacking Chromium ended with ${code}`)),
    );
  });
  try {
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(path.join(target, 'chromium'))) throw error;
  }
}

export interface ChromiumInstall {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** A headless Chromium from npm alone: unpacked once per version, below node_modules. */
export async function installChromium(): Promise<ChromiumInstall> {
  const { version } = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const dir = path.join(root, 'node_modules/.cache/mixdown-chromium', version);
  const executablePath = path.join(dir, 'chromium');
  if (!existsSync(executablePath)) await unpack(dir);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined) env[name] = value;
  const linked = await promisify(execFile)('ldd', [executablePath]).catch(() => ({
    stdout: 'not found',
  }));
  // The package's libraries serve only where the machine lacks its own: mixing two sets of NSS is asking for trouble.
  if (linked.stdout.includes('not found')) {
    env.LD_LIBRARY_PATH = [path.join(dir, 'al2023/lib'), env.LD_LIBRARY_PATH]
      .filter(Boolean)
      .join(':');
  }
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = path.join(dir, 'fonts');
  return { executablePath, env };
}

/** Plain flags: a sandbox needs a user namespace that root does not get; sound may start only on a click, as for people. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=user-gesture-required',
];

/** A browser for a test; whoever asked for it closes it. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await installChromium();
  return chromium.launch({ executablePath, env, args: CHROMIUM_ARGS });
}
