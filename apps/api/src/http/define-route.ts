import type { ErrorCode } from '@mixdown/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Identity } from '../auth/identity.ts';
import type { Tx } from '../db/in-transaction.ts';
import type { Services } from '../services.ts';

/**
 * Who may ask. `anyone` needs no token; `account` any; `admin` that of an admin; the others need a project
 * (`:projectId`): `member` every role, `maker` owner and editors, `editor` those of them whose account may edit,
 * `owner` the owner alone.
 */
export type Access = 'anyone' | 'account' | 'admin' | ProjectAccess;
export type ProjectAccess = 'member' | 'maker' | 'editor' | 'owner';

export type Schema = z.ZodType;
type Out<S> = S extends Schema ? z.output<S> : undefined;

export interface Parts {
  readonly params?: Schema | undefined;
  readonly query?: Schema | undefined;
  readonly body?: Schema | undefined;
}

export interface Context<P extends Parts> {
  readonly params: Out<P['params']>;
  readonly query: Out<P['query']>;
  readonly body: Out<P['body']>;
  /** Who asks; null only where `anyone` may. */
  readonly identity: Identity | null;
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface TxContext<P extends Parts> extends Context<P> {
  /** The transaction of this request; commits when the handler resolves. */
  readonly tx: Tx;
  /** Runs once the transaction has committed: for whatever must not happen if it does not. */
  afterCommit(act: () => void): void;
}

/** A body that is not JSON, as OpenAPI shows it. */
export interface RawContent {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Described<P extends Parts> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1/daw. */
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: P['params'];
  readonly query?: P['query'];
  readonly body?: P['body'];
  /** A sentence with which guests are refused, after their right to the project was checked. */
  readonly refuseGuests?: string;
  /** The multipart form that the handler reads itself, for the documentation. */
  readonly upload?: Schema;
  /** Request headers of its own, for the documentation. */
  readonly headers?: Schema;
  readonly response: Readonly<Record<number, Schema | RawContent>>;
  /** The refusals that are this route's own; those of access, limits and validation are added. */
  readonly refusals?: readonly ErrorCode[];
  /** Bytes of the body. */
  readonly bodyLimit?: number;
  /** Requests of one account that are answered in a minute, below the limit of all routes together. */
  readonly perMinute?: number;
}

export interface TxRoute<P extends Parts> extends Described<P> {
  /** Answers inside of one transaction with the caller's rights, after their right to the project was checked. */
  handle(context: TxContext<P>): Promise<unknown>;
  /** What takes longer than a connection should be held, such as a file: runs after the commit with handle's result. */
  respond?(result: unknown, context: Context<P>): Promise<unknown>;
}

export interface LongRoute<P extends Parts> extends Described<P> {
  readonly access: 'anyone' | 'account';
  /** Answers without a transaction around it; the handler opens what it needs. */
  handleLong(context: Context<P>): Promise<unknown>;
}

/** A route without its types, as it is registered. */
export type Route = (TxRoute<Parts> | LongRoute<Parts>) & { readonly url: string };

/** One route of the API: what it takes and gives, who may ask, and how it answers. */
export function defineRoute<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  route: TxRoute<{ params: P; query: Q; body: B }> | LongRoute<{ params: P; query: Q; body: B }>,
): Route {
  // Validation has made params, query and body what the handler's types say, so forgetting them here loses nothing.
  return route as unknown as Route;
}
