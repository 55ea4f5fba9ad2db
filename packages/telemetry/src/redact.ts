/** Order matters: credentials inside of URLs go before the URLs' queries do. */
const RULES: readonly [RegExp, string][] = [
  // JSON Web Tokens, wherever they stand.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '[token]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [token]'],
  // user:password@ in connection strings.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'@]+@/gi, '$1[credentials]@'],
  // Download tokens are part of the path.
  [/\/files\/[\w.~-]+/g, '/files/[token]'],
  [/[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b/gi, '[email]'],
  // Queries and fragments of absolute URLs and of our own paths.
  [/((?:[a-z][a-z0-9+.-]*:\/\/|\/(?:api|auth|files|plugins)\/)[^\s?#"<>]*)[?#][^\s"<>]*/gi, '$1'],
];

/** Text without tokens, credentials, e-mail addresses and URL queries. */
export function redactText(text: string): string {
  return RULES.reduce((out, [pattern, replacement]) => out.replace(pattern, replacement), text);
}

/** Names under which secrets and personal data are kept, whatever their value looks like. */
const SECRET_NAME =
  /^(authorization|cookie|set-cookie|password|secret|token|access_?token|refresh_?token|api_?key|email|e-mail|ip|ip_address|.*(secret|password).*)$/i;
const MAX_DEPTH = 12;

/** A copy of plain data with every string redacted and every secretly named member replaced. */
export function redactDeep<T>(value: T): T {
  return redactAt(value, 0) as T;
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactAt(item, depth + 1));
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) ? '[redacted]' : redactAt(item, depth + 1),
    ]),
  );
}
