-- What is deleted by age is found by it.

create index equipment_connection_logs_age on equipment_connection_logs (event_time);
create index equipment_iot_alerts_age on equipment_iot_alerts (resolved_at) where status = 'resolved';
