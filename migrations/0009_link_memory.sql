-- What a link to a machine or a cloud must not forget when its process ends or its shard moves to another worker.

create table link_memory (
  link_key text not null,
  name text not null,
  value bytea not null,
  changed_at timestamptz not null default now(),
  primary key (link_key, name)
);
create index link_memory_age on link_memory (changed_at);
comment on table link_memory is 'Refresh tokens that replace the configured ones, requests counted against a quota, times before which nothing may be asked.';
comment on column link_memory.value is 'AES-256-GCM of a JSON value, bound to this row.';
