import { ERRORS, type ErrorCode, Problem, RefusedError } from '@mixdown/contract';
import type { z } from 'zod';

/** The request did not reach the server, or its answer did not reach us. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** The server answered something that the contract does not allow: a bug on one of the two sides. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

export interface RequestOptions<T> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Omitted: the answer's body does not matter. */
  readonly schema?: z.ZodType<T>;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpDeps {
  /** The access token, or null while nobody is signed in. */
  token(): Promise<string | null>;
  /** Gets a new access token after a 401; false = the session is over. */
  renew(): Promise<boolean>;
  fetch?: typeof fetch;
}

export interface Answer<T> {
  readonly data: T;
  readonly status: number;
  readonly headers: Headers;
}

const CODES_BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  401: 'token_invalid',
  403: 'forbidden',
  404: 'not_found',
  413: 'body_too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** The refusal in an error answer. A proxy in between may answer without problem+json: the status decides then. */
export function refusalOf(status: number, headers: Headers, body: unknown): RefusedError {
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const retry = Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {};
  const problem = Problem.loose().safeParse(body);
  if (!problem.success) {
    const code = CODES_BY_STATUS[status] ?? 'internal';
    return new RefusedError({ code, detail: ERRORS[code].title, ...retry });
  }
  const {
    code,
    detail,
    errors,
    type,
    title,
    status: _s,
    instance,
    requestId,
    ...extra
  } = problem.data;
  return new RefusedError({ code, detail, ...(errors && { errors }), ...retry, extra });
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export function createHttp(deps: HttpDeps) {
  const doFetch = deps.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));

  /** The raw answer, with the token renewed once where it had run out. */
  async function send(path: string, init: RequestInit, mayRenew = true): Promise<Response> {
    const token = await deps.token();
    const headers = new Headers(init.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    const response = await doFetch(path, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new NetworkError('The server cannot be reached', { cause: error });
    });
    if (response.status !== 401 || !token || !mayRenew) return response;
    return (await deps.renew()) ? send(path, init, false) : response;
  }

  async function request<T = undefined>(
    path: string,
    options: RequestOptions<T> = {},
  ): Promise<Answer<T>> {
    const hasBody = options.body !== undefined;
    const response = await send(path, {
      method: options.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(hasBody && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(hasBody && { body: JSON.stringify(options.body) }),
      ...(options.keepalive && { keepalive: true }),
      ...(options.signal && { signal: options.signal }),
    });
    const text = await response.text().catch((error: unknown) => {
      throw new NetworkError('The answer was cut short', { cause: error });
    });
    const body = parseJson(text);
    const { status, headers } = response;
    if (status >= 400) throw refusalOf(status, headers, body);
    if (!options.schema || status === 304) return { data: undefined as T, status, headers };
    const parsed = options.schema.safeParse(body);
    if (!parsed.success)
      throw new ContractError(`${options.method ?? 'GET'} ${path}: ${parsed.error.message}`);
    return { data: parsed.data, status, headers };
  }

  return { request, send };
}
export type Http = ReturnType<typeof createHttp>;
