-- What Supabase brings and plain Postgres lacks, so that one set of migrations serves both. Idempotent.
do $$
begin
  if exists (select from pg_roles where rolname = 'supabase_admin') then
    raise exception 'this is a Supabase database: it has all of this already';
  end if;
end
$$;

do $$
declare
  r record;
begin
  for r in
    select * from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'login noinherit')
    ) as roles(name, attributes)
  loop
    if not exists (select from pg_roles where rolname = r.name) then
      execute format('create role %I %s', r.name, r.attributes);
    end if;
  end loop;
end
$$;
grant anon, authenticated, service_role to authenticator;

grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role;

create table if not exists auth.users (
  id uuid primary key default gen_random_uuid(),
  email text check (email = lower(email)),
  is_anonymous boolean not null default false,
  raw_app_meta_data jsonb not null default '{}',
  raw_user_meta_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz
);
create unique index if not exists users_email_key on auth.users (email);
create index if not exists users_guests on auth.users (created_at) where is_anonymous;
grant select, insert, update, delete on auth.users to service_role;

-- Without search paths of their own, so that they are inlined.
create or replace function auth.jwt() returns jsonb language sql stable as $$
  select nullif(current_setting('request.jwt.claims', true), '')::jsonb
$$;
create or replace function auth.uid() returns uuid language sql stable as $$
  select (auth.jwt() ->> 'sub')::uuid
$$;
create or replace function auth.role() returns text language sql stable as $$
  select auth.jwt() ->> 'role'
$$;
create or replace function auth.email() returns text language sql stable as $$
  select auth.jwt() ->> 'email'
$$;

-- Accounts of the embedded sign-in; with Supabase its own Auth keeps these.
create schema if not exists mixdown_auth;
revoke all on schema mixdown_auth from public;
grant usage on schema mixdown_auth to service_role;

create table if not exists mixdown_auth.credentials (
  user_id uuid primary key references auth.users (id) on delete cascade,
  password_hash text not null,
  updated_at timestamptz not null default now()
);

-- One row a token; a family is a session. A token that is used twice revokes its family.
create table if not exists mixdown_auth.refresh_tokens (
  token_hash text primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  session_id uuid not null,
  parent_hash text,
  revoked_at timestamptz,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index if not exists refresh_tokens_session on mixdown_auth.refresh_tokens (session_id);
create index if not exists refresh_tokens_user on mixdown_auth.refresh_tokens (user_id);
create index if not exists refresh_tokens_expiry on mixdown_auth.refresh_tokens (expires_at);

revoke all on all tables in schema mixdown_auth from public;
grant select, insert, update, delete on all tables in schema mixdown_auth to service_role;
