import { readR2Config } from '@mixdown/storage/r2/r2-config';
import { DEFAULT_POSTHOG_HOST } from '@mixdown/telemetry/server/server-telemetry';
import type { Config } from '../config/config.ts';
import type { Origins } from './security-headers.ts';

const originOf = (url: string) => new URL(url).origin;

/** R2 signs URLs for its bucket's own host, or with the bucket in the path. */
function storageOrigins(env: NodeJS.ProcessEnv): string[] {
  const r2 = readR2Config(env);
  if (!r2) return [];
  const { protocol, host } = new URL(r2.endpoint);
  return [`${protocol}//${host}`, `${protocol}//${r2.bucket}.${host}`];
}

/** The other origins that the configured services make the page talk to. */
export function originsOf(config: Config, env: NodeJS.ProcessEnv): Origins {
  const { telemetry, supabase } = config;
  const media = storageOrigins(env);
  const connect = [...media];
  if (supabase) connect.push(originOf(supabase.url));
  if (telemetry.posthogKey) connect.push(originOf(telemetry.posthogHost ?? DEFAULT_POSTHOG_HOST));
  if (telemetry.sentryDsn) connect.push(originOf(telemetry.sentryDsn));
  return { connect, media };
}
