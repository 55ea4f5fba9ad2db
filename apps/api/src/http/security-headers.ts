/** Origins beyond our own that the page talks to. */
export interface Origins {
  /** Fetched by scripts: telemetry, Supabase, the object store. */
  readonly connect: readonly string[];
  /** Played by the client's player: the object store. */
  readonly media: readonly string[];
}

type Directives = Readonly<Record<string, readonly string[]>>;

const serialise = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');

/** The one style element of the page: wavesurfer.js 8.0.1 puts it into its shadow tree, at a height of 64 px. */
const WAVEFORM_STYLE = "'sha256-fF0LBso7Nz75zaFRDBUefBDvPe19hjaiDnnc8lt+2Js='";

/** The page's Content-Security-Policy; docs/security.md says why each directive is as it is. */
export const pagePolicy = (origins: Origins): string =>
  serialise({
    'default-src': ["'none'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'worker-src': ["'self'"],
    'style-src': ["'self'", WAVEFORM_STYLE],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'media-src': ["'self'", 'blob:', ...origins.media],
    'connect-src': ["'self'", ...origins.connect],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  });

/** For answers that are no page: nothing in them may run or load, should a browser ever show one. */
export const DATA_POLICY = serialise({ 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] });

/** The API's reference page: its viewer injects style elements. */
export const REFERENCE_POLICY = serialise({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
});

/** Headers of every answer; a route may replace its policy before it is sent. */
export const securityHeaders = (https: boolean): Readonly<Record<string, string>> => ({
  'content-security-policy': DATA_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  ...(https && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
});
