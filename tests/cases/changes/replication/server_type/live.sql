-- as superuser
DROP SERVER remote CASCADE;
CREATE SERVER remote TYPE 'other' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'a');
CREATE USER MAPPING FOR other SERVER remote;
CREATE FOREIGN TABLE app.far (id integer OPTIONS (name 'x')) SERVER remote OPTIONS (path '/a');
ALTER TABLE app.far OWNER TO driftd_scratch_superuser
