-- Readings (requirement B2) as a TimescaleDB hypertable: chunks of a day, columnstore by equipment once a chunk is two days old.

create table equipment_sensor_readings (
  equipment_id uuid not null,
  reading_time timestamptz not null,
  source_time timestamptz,
  temperature double precision,
  target_temperature double precision,
  humidity double precision,
  energy_consumption_kwh double precision,
  power_kw double precision,
  operational_status text,
  cycle_stage text,
  cycle_progress_percentage double precision,
  time_remaining_minutes double precision,
  motor_speed_rpm double precision,
  door_status text,
  steam_level double precision,
  product_weight_kg double precision,
  moisture_content double precision,
  temperature_zones jsonb,
  additional jsonb,
  quality jsonb,
  primary key (equipment_id, reading_time)
);

select create_hypertable(
  'equipment_sensor_readings', by_range('reading_time', interval '1 day'), create_default_indexes => false
);
alter table equipment_sensor_readings set (
  timescaledb.enable_columnstore, timescaledb.segmentby = 'equipment_id', timescaledb.orderby = 'reading_time desc'
);
call add_columnstore_policy('equipment_sensor_readings', after => interval '2 days');

-- TimescaleDB makes its chunks itself; the function exists so that callers need not know.
create function ensure_reading_partitions(first_day date, last_day date) returns integer
language sql as $$ select 0 $$;
