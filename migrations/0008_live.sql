-- Tells whoever serves live streams that the connection status of a machine has changed, or that the machine is gone.

create function announce_status() returns trigger
language plpgsql as $$
begin
  perform pg_notify('status_changed', old.id::text);
  return null;
end $$;

create trigger equipment_status_changed
after update of iot_connection_status, iot_connection_error on equipment
for each row
when (
  old.iot_connection_status is distinct from new.iot_connection_status
  or old.iot_connection_error is distinct from new.iot_connection_error
)
execute function announce_status();

create trigger equipment_deleted
after delete on equipment
for each row
execute function announce_status();
