-- Roll-ups on TimescaleDB: minutes and hours in hypertables, columnstore by equipment. Days are few enough for one table.

create table readings_1m (like readings_1d, primary key (equipment_id, bucket));
select create_hypertable('readings_1m', by_range('bucket', interval '7 days'), create_default_indexes => false);
alter table readings_1m set (
  timescaledb.enable_columnstore, timescaledb.segmentby = 'equipment_id', timescaledb.orderby = 'bucket desc'
);
call add_columnstore_policy('readings_1m', after => interval '14 days');

create table readings_1h (like readings_1d, primary key (equipment_id, bucket));
select create_hypertable('readings_1h', by_range('bucket', interval '90 days'), create_default_indexes => false);
alter table readings_1h set (
  timescaledb.enable_columnstore, timescaledb.segmentby = 'equipment_id', timescaledb.orderby = 'bucket desc'
);
call add_columnstore_policy('readings_1h', after => interval '180 days');

-- TimescaleDB makes its chunks itself; the function exists so that callers need not know.
create function ensure_rollup_partitions(first_moment timestamptz, last_moment timestamptz) returns void
language sql as $$ select $$;
