-- Batches: what is made on which machines, from when until when.

create table batches (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  product text,
  started_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  check (ended_at >= started_at)
);
create index batches_page on batches (created_at, id);

create table batch_equipment (
  batch_id uuid not null references batches on delete cascade,
  equipment_id uuid not null references equipment on delete cascade,
  primary key (batch_id, equipment_id)
);
create index batch_equipment_of_equipment on batch_equipment (equipment_id);
