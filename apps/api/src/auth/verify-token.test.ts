import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerify, supabaseTrust } from './verify-token.ts';

const secret = new TextEncoder().encode('a secret that is long enough for it');
const issuer = 'https://x.example/auth/v1';
const sub = '6d2f1d4e-8d58-4e0c-9a53-7d1f4f9a1c11';
const verify = createVerify({ issuer, secret, publicKeys: null });
const claims = { email: 'a@b.example', app_metadata: { daw_role: 'pro' } };

const token = (more: object = {}, key: Uint8Array = secret, alg = 'HS256') =>
  new SignJWT({ sub, aud: 'authenticated', iss: issuer, exp: now() + 60, ...claims, ...more })
    .setProtectedHeader({ alg })
    .sign(key);
const now = () => Math.floor(Date.now() / 1000);

describe('a token under the shared secret', () => {
  it('says who asks', async () => {
    expect(await verify(await token())).toMatchObject({
      userId: sub,
      email: 'a@b.example',
      role: 'pro',
    });
  });

  it('makes a guest of an anonymous account, whatever role it carries', async () => {
    expect((await verify(await token({ is_anonymous: true })))?.role).toBe('guest');
  });

  it.each([[{}], [{ daw_role: 'root' }], [undefined]])(
    'gives the least to app_metadata %o',
    async (app_metadata) => {
      expect((await verify(await token({ app_metadata })))?.role).toBe('client');
    },
  );

  it.each([
    ['expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['without an expiry', { exp: undefined }],
    ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ['for another audience', { aud: 'anon' }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://evil.example/auth/v1' }],
    ['without an issuer', { iss: undefined }],
    ['for no account', { sub: undefined }],
    ['for something that is no id', { sub: "' or 1=1 --" }],
    ['with claims of another shape', { app_metadata: 'pro' }],
  ])('is refused when %s', async (_, more) => {
    expect(await verify(await token(more))).toBeNull();
  });

  it('is refused when signed with another secret, or another algorithm', async () => {
    expect(await verify(await token({}, new TextEncoder().encode('x'.repeat(32))))).toBeNull();
    expect(await verify(await token({}, new Uint8Array(64), 'HS512'))).toBeNull();
  });

  it('is refused when not signed at all', async () => {
    const unsecured = new UnsecuredJWT({ ...claims, sub })
      .setAudience('authenticated')
      .setIssuer(issuer)
      .setExpirationTime('1h')
      .encode();
    expect(await verify(unsecured)).toBeNull();
    const [header, payload] = (await token()).split('.');
    expect(await verify(`${header}.${payload}.`)).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', '..', 'e30.e30.e30', 'ü.ü.ü', '{}', 'x'.repeat(100_000)])(
    'is refused as %.20j',
    async (text) => {
      expect(await verify(text)).toBeNull();
    },
  );

  it('is refused with any byte of its payload changed', async () => {
    const [header, payload = '', signature] = (await token()).split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('pro', 'adm');
    const text = `${header}.${Buffer.from(forged).toString('base64url')}.${signature}`;
    expect(await verify(text)).toBeNull();
  });
});

describe('a Supabase project', () => {
  const keys = generateKeyPair('ES256', { extractable: true });
  const server = createServer(async (request, response) => {
    if (request.url !== '/auth/v1/.well-known/jwks.json') return response.writeHead(404).end();
    const jwk = { ...(await exportJWK((await keys).publicKey)), kid: 'one', alg: 'ES256' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const signed = async (kid: string, iss = `${url}/auth/v1`) =>
    new SignJWT({ sub, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setAudience('authenticated')
      .setIssuer(iss)
      .setExpirationTime('1h')
      .sign((await keys).privateKey);

  it('is trusted by its published keys', async () => {
    const check = createVerify(supabaseTrust({ url, jwtSecret: null }));
    expect(await check(await signed('one'))).toMatchObject({ userId: sub, role: 'pro' });
    expect(await check(await signed('two'))).toBeNull();
    expect(await check(await signed('one', issuer))).toBeNull();
  });

  it('does not take shared secrets unless one is given', async () => {
    const hs256 = await token({ iss: `${url}/auth/v1` });
    expect(await createVerify(supabaseTrust({ url, jwtSecret: null }))(hs256)).toBeNull();
    const jwtSecret = new TextDecoder().decode(secret);
    expect(await createVerify(supabaseTrust({ url, jwtSecret }))(hs256)).not.toBeNull();
  });

  it('does not blame the token when its keys cannot be had', async () => {
    const check = createVerify(supabaseTrust({ url: `${url}/elsewhere`, jwtSecret: null }));
    await expect(check(await signed('one'))).rejects.toThrow('unavailable');
  });
});
