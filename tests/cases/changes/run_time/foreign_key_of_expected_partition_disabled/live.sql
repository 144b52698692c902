-- as superuser
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'app.events_2025'::regclass AND tgname LIKE 'RI_%';
