export interface R2Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const REQUIRED = ['R2_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY'] as const;
const NAMES = [...REQUIRED, 'R2_ACCOUNT_ID', 'R2_ENDPOINT'] as const;

/**
 * R2's settings, or null where none is given. Half a configuration stops the start: falling back to files would lose
 * everybody's exports with the container. Throws an Error whose message names the variable.
 */
export function readR2Config(env: NodeJS.ProcessEnv): R2Config | null {
  const given = NAMES.filter((name) => env[name]);
  if (given.length === 0) return null;
  const missing = REQUIRED.find((name) => !env[name]);
  if (missing) throw new Error(`${missing} is missing: ${given.join(', ')} ask for R2 storage.`);
  return {
    endpoint: readEndpoint(env),
    bucket: env.R2_BUCKET ?? '',
    accessKeyId: env.R2_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.R2_SECRET_ACCESS_KEY ?? '',
  };
}

function readEndpoint(env: NodeJS.ProcessEnv): string {
  const account = env.R2_ACCOUNT_ID;
  if (env.R2_ENDPOINT) {
    if (!/^https?:$/.test(URL.parse(env.R2_ENDPOINT)?.protocol ?? '')) {
      throw new Error(
        'R2_ENDPOINT must be a URL such as https://<account>.r2.cloudflarestorage.com.',
      );
    }
    return env.R2_ENDPOINT.replace(/\/+$/, '');
  }
  if (!account) throw new Error('R2_ACCOUNT_ID (or R2_ENDPOINT) is missing for R2 storage.');
  if (!/^[0-9a-f]{32}$/i.test(account)) {
    throw new Error('R2_ACCOUNT_ID must be the 32 hexadecimal digits of a Cloudflare account.');
  }
  return `https://${account}.r2.cloudflarestorage.com`;
}
