-- Readings that should be there and are not: when and why. And the intervals that were in force, which say how many there should be.

create table equipment_gaps (
  id uuid primary key default gen_random_uuid(),
  equipment_id uuid not null references equipment on delete cascade,
  started_at timestamptz not null,
  missing_since timestamptz not null,
  ended_at timestamptz,
  reason text not null,
  detail text,
  interval_seconds integer not null,
  lost integer
);
create unique index equipment_gaps_open on equipment_gaps (equipment_id) where ended_at is null;
create index equipment_gaps_page on equipment_gaps (equipment_id, started_at desc, id desc);
comment on column equipment_gaps.started_at is 'The last reading before, or when readings were first expected.';
comment on column equipment_gaps.missing_since is 'The last reading before the latest stretch: stretches that follow closely for one reason are one gap.';
comment on column equipment_gaps.ended_at is 'The first reading after, or when none were expected any more; null while it lasts.';
comment on column equipment_gaps.lost is 'How many readings were taken and had to be dropped; null where they were never taken.';

create table poll_intervals (
  equipment_id uuid not null references equipment on delete cascade,
  since timestamptz not null,
  interval_seconds integer,
  primary key (equipment_id, since)
);
comment on column poll_intervals.interval_seconds is 'In force from then until the next row; null: nothing is expected.';

insert into poll_intervals (equipment_id, since, interval_seconds)
select id, date_trunc('milliseconds', coalesce(iot_configured_at, created_at)), poll_interval_seconds
from equipment where link_key is not null;
insert into equipment_gaps (equipment_id, started_at, missing_since, reason, interval_seconds)
select id, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), 'paused', poll_interval_seconds
from equipment where link_key is not null and not iot_enabled;
