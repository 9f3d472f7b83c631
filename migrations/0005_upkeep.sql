-- Upkeep: readings of deleted machines that are still to be deleted, what workers say of themselves, tries under way.

create table equipment_removals (
  equipment_id uuid primary key,
  removed_at timestamptz not null default now()
);

create table workers (
  instance_id text primary key,
  seen_at timestamptz not null,
  unstored_since timestamptz
);
comment on table workers is 'One row for each process that polls, renewed every few seconds.';
comment on column workers.unstored_since is 'Since when readings that it has taken wait to be stored; null while none waits for long. Its machines are not silent, only their readings are late.';

-- Tries under way, by channel.
create index notifications_claimed on notifications (channel_id, claimed_until) where claimed_until is not null;

-- What was changed of one thing.
create index audit_log_of_subject on audit_log (subject_id, id desc) where subject_id is not null;
