import { type Catalog, type CatalogEntry, PublicConfig } from '@mixdown/contract';
import { defaultMixOf } from '@mixdown/wam-catalog';
import { create } from 'zustand';
import { type Client, createClient } from './api/client.ts';
import { createHttp } from './api/http.ts';
import { type Auth, createAuth } from './auth.ts';
import { nameFromId } from './plugin-name.ts';
import { useAccount } from './stores/account-store.ts';
import { type PageTelemetry, startTelemetry } from './telemetry.ts';

/** What the page has from its first moment on, whatever is shown. */
export interface App {
  readonly config: PublicConfig;
  readonly auth: Auth;
  readonly client: Client;
  readonly telemetry: PageTelemetry;
}

let app: App | null = null;
let starting: Promise<App> | null = null;

const EMPTY: Catalog = { entries: [] };
const useCatalogStore = create<{ catalog: Catalog; entries: ReadonlyMap<string, CatalogEntry> }>()(
  () => ({ catalog: EMPTY, entries: new Map() }),
);

async function start(): Promise<App> {
  const http = createHttp({ token: async () => null, renew: async () => false });
  const { data: config } = await http.request('/api/v1/config', { schema: PublicConfig });
  const auth = createAuth(config.auth);
  const client = createClient(createHttp(auth), auth);
  const telemetry = startTelemetry(config, () => useAccount.getState().account?.id);
  const [catalog] = await Promise.all([client.catalog(), auth.restore()]);
  const entries = new Map(catalog.entries.map((entry) => [entry.id, entry]));
  useCatalogStore.setState({ catalog, entries });
  app = { config, auth, client, telemetry };
  return app;
}

/** Reads the configuration, the catalog and who is signed in; once per page, again after a failure. */
export function startApp(): Promise<App> {
  starting ??= start().catch((error: unknown) => {
    starting = null;
    throw error;
  });
  return starting;
}

export function theApp(): App {
  if (!app) throw new Error('The page is used before startApp() has ended');
  return app;
}

export const useCatalog = (): Catalog => useCatalogStore((s) => s.catalog);
export const currentCatalog = (): Catalog => useCatalogStore.getState().catalog;
export const catalogEntry = (catalogId: string): CatalogEntry | undefined =>
  useCatalogStore.getState().entries.get(catalogId);

/** What people call a plugin, whether the catalog has it or not. */
export const pluginName = (catalogId: string): string =>
  catalogEntry(catalogId)?.name ?? nameFromId(catalogId);

/** The wet share of a new plugin, 0…1. */
export function defaultMix(catalogId: string): number {
  const entry = catalogEntry(catalogId);
  return entry ? defaultMixOf(entry) : 1;
}
