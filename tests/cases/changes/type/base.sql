-- as superuser
-- Types of all sorts, and aggregates.
CREATE SCHEMA app AUTHORIZATION app;
SET ROLE app;
CREATE TYPE app.address AS (street text, city character varying(40), zip text COLLATE "C");
CREATE TYPE app.money_range AS RANGE (subtype = numeric);
CREATE TYPE app.code_range AS RANGE (subtype = text, collation = "C", multirange_type_name = app.code_ranges); --@ >=14
CREATE TYPE app.code_range AS RANGE (subtype = text, collation = "C"); --@ <14
CREATE FUNCTION app.longer(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT CASE WHEN length($1) >= length($2) THEN $1 ELSE $2 END $$;
CREATE FUNCTION app.shorter(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  AS $$ SELECT CASE WHEN length($1) < length($2) THEN $1 ELSE $2 END $$;
CREATE FUNCTION app.shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
CREATE FUNCTION app.difference(numeric, numeric) RETURNS double precision LANGUAGE sql IMMUTABLE
  AS $$ SELECT ($1 - $2)::double precision $$;
CREATE AGGREGATE app.longest(text) (sfunc = app.longer, stype = text);
RESET ROLE;
CREATE TYPE app.unfinished;
CREATE TYPE app.token;
CREATE FUNCTION app.token_in(cstring) RETURNS app.token LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION app.token_out(app.token) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION app.token_receive(internal) RETURNS app.token LANGUAGE internal IMMUTABLE STRICT AS 'textrecv';
CREATE FUNCTION app.token_send(app.token) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE app.token (input = app.token_in, output = app.token_out, storage = extended);
