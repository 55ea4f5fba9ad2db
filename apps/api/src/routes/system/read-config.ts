import { PublicConfig } from '@mixdown/contract';
import { defineRoute } from '../../http/define-route.ts';
import { VERSION } from '../../version.ts';

export default defineRoute({
  method: 'GET',
  url: '/api/v1/config',
  operationId: 'readConfig',
  summary: 'What the page needs to begin',
  description: 'Where to sign in, and where telemetry goes. Nothing in it is secret.',
  tag: 'System',
  access: 'anyone',
  response: { 200: PublicConfig },
  async handleLong({ services: { config } }) {
    const { supabase, telemetry } = config;
    return {
      version: VERSION,
      auth: {
        url: supabase ? `${supabase.url}/auth/v1` : '/auth/v1',
        anonKey: supabase?.anonKey ?? null,
      },
      telemetry,
    };
  },
});
