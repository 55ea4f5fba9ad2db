import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PlanSlot } from '../plan.ts';
import { PluginRenderError } from '../render-error.ts';
import type { PluginCode } from './protocol.ts';

/** Where a plugin's file is on this machine, and the hash that it must have; null if it is nowhere. */
export type ResolvePluginFile = (
  catalogId: string,
  version: string,
  path: string,
) => { absolutePath: string; sha256: string } | null;

const PROCESSOR = 'processor.js';
const WASM = 'dsp.wasm';

/** Reads and verifies the code of a slot's plugin. Throws {@link PluginRenderError} (`not_found`, `integrity`, `unsupported_browser`). */
export async function readPluginCode(
  slot: PlanSlot,
  resolvePluginFile: ResolvePluginFile,
): Promise<PluginCode> {
  const { pluginId, catalogId, version, entry } = slot;
  const fail = (failure: 'not_found' | 'integrity' | 'unsupported_browser', detail: string) =>
    new PluginRenderError({ pluginId, catalogId, failure }, detail);
  if (entry?.renderPath !== 'direct') {
    throw fail('unsupported_browser', 'It renders in a browser only.');
  }
  const read = async (path: string) => {
    const file = resolvePluginFile(catalogId, version, path);
    if (!file) throw fail('not_found', `${path} of version ${version} is not on this machine.`);
    const bytes = await readFile(file.absolutePath).catch((error: Error) => {
      throw fail('not_found', `${path} cannot be read: ${error.message}`);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
      throw fail('integrity', `${path} is not the file that was certified.`);
    }
    return { absolutePath: file.absolutePath, bytes };
  };
  const processor = await read(PROCESSOR);
  const wasm = entry.files.some((file) => file.path === WASM) ? await read(WASM) : null;
  return {
    catalogId,
    version,
    processor: processor.absolutePath,
    wasm: wasm && new Uint8Array(wasm.bytes),
  };
}
