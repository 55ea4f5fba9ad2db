-- For local Supabase databases. Accounts and the demo project are made by `npm start`, through the API's own code, so
-- that a local Supabase and the embedded default hold the same.
insert into private.settings (key, value) values
  ('export_queued_per_user', '10'),
  ('export_retention_seconds', '604800')
on conflict (key) do nothing;
