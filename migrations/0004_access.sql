-- API keys (only their hashes) and the audit log.

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  access text not null,
  hash bytea not null unique,
  prefix text not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  last_used_at timestamptz,
  expires_at timestamptz
);
create index api_keys_page on api_keys (created_at, id);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject_kind text,
  subject_id text,
  detail jsonb not null default '{}',
  request_id text
);
create index audit_log_at on audit_log (at desc, id desc);
