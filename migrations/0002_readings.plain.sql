-- Readings (requirement B2) on plain PostgreSQL: partitions of a day (UTC), made ahead.

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
) partition by range (reading_time);

-- Makes the missing partitions of the days given and tells how many; safe when several processes call it at once.
create function ensure_reading_partitions(first_day date, last_day date) returns integer
language plpgsql as $$
declare
  day date;
  partition text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('ensure_reading_partitions'));
  for day in select generate_series(first_day, last_day, interval '1 day')::date loop
    partition := 'equipment_sensor_readings_' || to_char(day, 'YYYYMMDD');
    if to_regclass(quote_ident(partition)) is null then
      execute format(
        'create table %I partition of equipment_sensor_readings for values from (%L) to (%L)',
        partition, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'
      );
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

select ensure_reading_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + 7);
