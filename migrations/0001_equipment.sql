-- Equipment with its IoT fields (requirement B1), connection logs (B3), shard leases and link requests.

create table installation (
  key text primary key,
  value jsonb not null
);
comment on table installation is 'Facts about this installation that are decided once: which readings backend, the key check.';

create sequence config_revision;

create table equipment (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  type text not null,
  site text,
  location text,
  manufacturer text,
  model text,
  serial_number text,
  installed_on date,
  metadata jsonb not null default '{}',
  iot_enabled boolean not null default false,
  iot_protocol text,
  iot_endpoint text,
  iot_port integer,
  iot_credentials bytea,
  iot_config jsonb,
  iot_connection_status text not null default 'unconfigured',
  iot_connection_error jsonb,
  iot_last_connected timestamptz,
  iot_configured_at timestamptz,
  supports_realtime boolean not null default true,
  poll_interval_seconds integer not null default 30,
  firmware_version text,
  temperature_zones integer not null default 0,
  supports_humidity boolean not null default false,
  supports_energy_monitoring boolean not null default false,
  supports_remote_control boolean not null default false,
  link_key text,
  shard smallint,
  config_revision bigint not null default nextval('config_revision'),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now()
);
create index equipment_shard on equipment (shard) where shard is not null;
create index equipment_link_key on equipment (link_key) where link_key is not null;
create index equipment_page on equipment (created_at, id);
comment on column equipment.iot_credentials is 'AES-256-GCM; bound to this row and to protocol, host and port.';
comment on column equipment.iot_config is 'additional_config as it was given; holds no secret.';

create table equipment_connection_logs (
  id bigint generated always as identity primary key,
  equipment_id uuid not null references equipment on delete cascade,
  event_type text not null,
  event_time timestamptz not null default now(),
  connection_status text not null,
  error_code text,
  error_message text,
  response_time_ms double precision,
  data_points_received integer
);
create index equipment_connection_logs_page on equipment_connection_logs (equipment_id, id desc);

create table shard_leases (
  shard smallint primary key,
  epoch bigint not null default 0,
  holder text,
  taken_at timestamptz,
  plan_revision bigint not null default 0
);
insert into shard_leases (shard) select generate_series(0, 63);
comment on column shard_leases.epoch is 'Raised by each worker that takes the shard; transitions under an older epoch are refused.';
comment on column shard_leases.plan_revision is 'Raised with each change of a configuration in the shard.';

create table link_requests (
  id uuid primary key default gen_random_uuid(),
  shard smallint not null,
  kind text not null,
  request bytea not null,
  answer bytea,
  claimed_by text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  expires_at timestamptz not null,
  answered_at timestamptz
);
create index link_requests_waiting on link_requests (shard) where claimed_by is null;
create index link_requests_expiry on link_requests (expires_at);
