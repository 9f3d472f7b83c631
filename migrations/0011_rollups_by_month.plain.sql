-- Roll-ups on plain PostgreSQL: minutes and hours in partitions of a month (UTC). Days are few enough for one table.

create table readings_1m (like readings_1d, primary key (equipment_id, bucket)) partition by range (bucket);
create table readings_1h (like readings_1d, primary key (equipment_id, bucket)) partition by range (bucket);

-- Makes the missing partitions of the months that two moments lie in and all between.
create function ensure_rollup_partitions(first_moment timestamptz, last_moment timestamptz) returns void
language plpgsql as $$
declare
  parent text;
  partition text;
  month timestamp;
begin
  for month in
    select generate_series(
      date_trunc('month', first_moment at time zone 'UTC'), last_moment at time zone 'UTC', interval '1 month'
    )
  loop
    foreach parent in array array['readings_1m', 'readings_1h'] loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass(quote_ident(partition)) is not null;
      perform pg_advisory_xact_lock(hashtext('ensure_rollup_partitions'));
      execute format(
        'create table if not exists %I partition of %I for values from (%L) to (%L)',
        partition, parent, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC'
      );
    end loop;
  end loop;
end $$;
