const NEEDED = /^(R2_\w+|PATH|HOME|TMPDIR|TZ|LANG|NODE_ENV|NODE_EXTRA_CA_CERTS)$/;

/**
 * The environment of render processes: the way to the object storage, and nothing of the database or of telemetry.
 * Plugins run there.
 */
export function renderEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.test(name)));
}
