-- Alert rules and their state, alerts (requirement B4), their transitions, and the outbox of notifications.

create sequence alert_rule_revision;

create table alert_rules (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  equipment_id uuid references equipment on delete cascade,
  equipment_type text,
  kind text not null,
  metric text,
  above double precision,
  below double precision,
  hysteresis double precision not null default 0,
  equals text,
  for_seconds integer not null default 0,
  severity text not null,
  enabled boolean not null default true,
  revision bigint not null default nextval('alert_rule_revision'),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now(),
  check (equipment_id is null or equipment_type is null)
);
create index alert_rules_page on alert_rules (created_at, id);

create table alert_rule_states (
  rule_id uuid not null references alert_rules on delete cascade,
  equipment_id uuid not null references equipment on delete cascade,
  phase text not null,
  since timestamptz not null,
  side text,
  rule_revision bigint not null,
  primary key (rule_id, equipment_id)
);
comment on table alert_rule_states is 'Where a rule stands for a machine when it is not at rest: waiting out its delay, or firing as long as the condition lasts, also when somebody has resolved the alert meanwhile.';
comment on column alert_rule_states.since is 'When the condition began.';
comment on column alert_rule_states.side is 'Which limit was crossed: above or below; null where the rule has no limits.';

create table equipment_iot_alerts (
  id uuid primary key default gen_random_uuid(),
  equipment_id uuid not null references equipment on delete cascade,
  rule_id uuid references alert_rules on delete set null,
  type text not null,
  severity text not null,
  status text not null default 'active',
  title text not null,
  message text not null,
  metric text,
  value jsonb,
  threshold jsonb,
  raised_at timestamptz not null,
  last_raised_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  resolved_by text,
  occurrences integer not null default 1,
  automated_response jsonb
);
create unique index equipment_iot_alerts_one_open on equipment_iot_alerts (equipment_id, rule_id) where status <> 'resolved';
create index equipment_iot_alerts_page on equipment_iot_alerts (raised_at desc, id desc);
create index equipment_iot_alerts_of_equipment on equipment_iot_alerts (equipment_id, raised_at desc);
create index equipment_iot_alerts_of_rule on equipment_iot_alerts (rule_id, equipment_id, resolved_at);
comment on column equipment_iot_alerts.resolved_by is 'Who or what closed the alert; null when the condition ended by itself.';

create table alert_transitions (
  id bigint generated always as identity primary key,
  alert_id uuid not null references equipment_iot_alerts on delete cascade,
  kind text not null,
  at timestamptz not null,
  by text,
  note text,
  texts jsonb not null,
  severity text not null,
  value jsonb,
  threshold jsonb
);
create index alert_transitions_of_alert on alert_transitions (alert_id, id);
comment on table alert_transitions is 'What happened to an alert, as it was then: messages are written from these rows, never from later values.';
comment on column alert_transitions.texts is 'By language: title and message.';

create table notification_channels (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null,
  url text not null,
  secret bytea not null,
  severities text[] not null,
  language text not null default 'en',
  enabled boolean not null default true,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default now()
);
create index notification_channels_page on notification_channels (created_at, id);

create table notifications (
  id uuid primary key default gen_random_uuid(),
  channel_id uuid not null references notification_channels on delete cascade,
  alert_id uuid not null references equipment_iot_alerts on delete cascade,
  transition_id bigint not null references alert_transitions on delete cascade,
  status text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  sent_at timestamptz,
  unique (channel_id, transition_id)
);
create index notifications_due on notifications (next_attempt_at) where status = 'pending';
create index notifications_of_alert on notifications (alert_id, channel_id, transition_id);
create index notifications_of_transition on notifications (transition_id);
