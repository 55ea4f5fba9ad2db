import { z } from 'zod';

/** What the page may know before anybody signs in: `GET /api/v1/config`. Holds nothing secret. */
export const PublicConfig = z.object({
  version: z.string(),
  auth: z.object({
    /** Base address of the GoTrue endpoints, such as `/auth/v1` or `https://x.supabase.co/auth/v1`. */
    url: z.string(),
    anonKey: z.string().nullable(),
  }),
  telemetry: z.object({
    posthogKey: z.string().nullable(),
    posthogHost: z.string().nullable(),
    sentryDsn: z.string().nullable(),
  }),
});
export type PublicConfig = z.infer<typeof PublicConfig>;
