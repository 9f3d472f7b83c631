-- Roll-ups of readings: statistics of what each machine measured in every minute, hour and UTC day.

create table readings_1d (
  equipment_id uuid not null,
  bucket timestamptz not null,
  readings integer not null,
  temperature_count integer,
  temperature_sum double precision,
  temperature_min double precision,
  temperature_max double precision,
  target_temperature_count integer,
  target_temperature_sum double precision,
  target_temperature_min double precision,
  target_temperature_max double precision,
  humidity_count integer,
  humidity_sum double precision,
  humidity_min double precision,
  humidity_max double precision,
  power_kw_count integer,
  power_kw_sum double precision,
  power_kw_min double precision,
  power_kw_max double precision,
  cycle_progress_percentage_count integer,
  cycle_progress_percentage_sum double precision,
  cycle_progress_percentage_min double precision,
  cycle_progress_percentage_max double precision,
  time_remaining_minutes_count integer,
  time_remaining_minutes_sum double precision,
  time_remaining_minutes_min double precision,
  time_remaining_minutes_max double precision,
  motor_speed_rpm_count integer,
  motor_speed_rpm_sum double precision,
  motor_speed_rpm_min double precision,
  motor_speed_rpm_max double precision,
  steam_level_count integer,
  steam_level_sum double precision,
  steam_level_min double precision,
  steam_level_max double precision,
  product_weight_kg_count integer,
  product_weight_kg_sum double precision,
  product_weight_kg_min double precision,
  product_weight_kg_max double precision,
  moisture_content_count integer,
  moisture_content_sum double precision,
  moisture_content_min double precision,
  moisture_content_max double precision,
  energy_consumption_kwh_first double precision,
  energy_consumption_kwh_last double precision,
  energy_consumption_kwh_growth double precision,
  operational_status_last text,
  cycle_stage_last text,
  door_status_last text,
  temperature_zones jsonb,
  additional jsonb,
  quality jsonb,
  primary key (equipment_id, bucket)
);
comment on column readings_1d.readings is 'How many readings there were; a roll-up is never replaced by one of fewer.';
comment on column readings_1d.energy_consumption_kwh_growth is 'From the first counter of the bucket to the last; where it was set back it goes on from there.';
comment on column readings_1d.additional is 'By name [count, sum, min, max, last]: of numbers; last is the last value where that was none.';
comment on column readings_1d.quality is 'By metric, how many values were missing or doubtful: they are left out of all else.';

create table rollup_progress (
  resolution text primary key,
  filled_up_to timestamptz not null
);
comment on table rollup_progress is 'Buckets that end by then are filled.';

-- Begins with the oldest reading; what comes in later of the time before is marked as late.
insert into rollup_progress (resolution, filled_up_to)
select resolution, date_bin('1 day', least(now(), (
  select min(oldest.reading_time) from equipment machine cross join lateral (
    select reading_time from equipment_sensor_readings
    where equipment_id = machine.id order by reading_time limit 1
  ) oldest
)), timestamptz '1970-01-01 00:00:00Z')
from unnest(array['1m', '1h', '1d']) as resolution;

create table rollup_marks (
  equipment_id uuid not null,
  hour timestamptz not null,
  primary key (hour, equipment_id)
);
comment on table rollup_marks is 'Hours of machines whose roll-ups are to be filled once more, because a reading came late.';
