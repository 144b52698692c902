-- as superuser
INSERT INTO pg_seclabel (objoid, classoid, objsubid, provider, label) SELECT oid, 'pg_class'::regclass, 0, 'dummy', 'secret' FROM pg_class WHERE relname = 't' AND relnamespace = 'app'::regnamespace
