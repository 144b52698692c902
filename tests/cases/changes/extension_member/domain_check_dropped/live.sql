-- as superuser
ALTER DOMAIN ext.earth DROP CONSTRAINT on_surface;
