-- Machines that are polled at times of day, {"expression", "timezone"}, in the place of an interval; the interval beside it is its shortest wait.

alter table equipment add column poll_cron jsonb;
alter table poll_intervals add column poll_cron jsonb;
alter table equipment_gaps add column poll_cron jsonb;
comment on column equipment.poll_cron is 'Null: polled at the interval.';
comment on column poll_intervals.poll_cron is 'As it was in force; null: the interval was.';
comment on column equipment_gaps.poll_cron is 'By which readings were missed; null: by the interval.';
