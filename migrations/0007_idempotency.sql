-- Answers kept for requests that may be sent again (Idempotency-Key), and revisions that If-Match is compared with.

create table idempotency_keys (
  caller uuid not null,
  route text not null,
  key text not null,
  answer bytea not null,
  created_at timestamptz not null default now(),
  primary key (caller, route, key)
);
create index idempotency_keys_of_caller on idempotency_keys (caller, created_at);
create index idempotency_keys_age on idempotency_keys (created_at);
comment on table idempotency_keys is 'A row is written in the transaction of what the request has made: neither is there without the other.';
comment on column idempotency_keys.caller is 'The id of the API key; no reference, so that a key that is revoked meanwhile holds up nothing.';
comment on column idempotency_keys.answer is 'AES-256-GCM, bound to this row: the fingerprint of the body and the answer, which may show a secret.';

alter table batches add column revision bigint not null default 1;
alter table notification_channels add column revision bigint not null default 1;
