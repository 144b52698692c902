-- as superuser
-- Operators and what is made of them, casts, conversions, text search, languages.
CREATE SCHEMA app;
CREATE FUNCTION app.same(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 = $2 $$;
CREATE FUNCTION app.other(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 <> $2 $$;
CREATE FUNCTION app.compare(integer, integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE OPERATOR app.=== (leftarg = integer, rightarg = integer, function = app.same, commutator = OPERATOR(app.===));
CREATE OPERATOR app.!== (leftarg = integer, rightarg = integer, function = app.other);
CREATE OPERATOR FAMILY app.loose USING btree;
CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree AS
  OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 app.compare(integer, integer);
CREATE TYPE app.celsius AS (degrees numeric);
CREATE FUNCTION app.to_number(app.celsius) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).degrees $$;
CREATE FUNCTION app.from_number(numeric) RETURNS app.celsius LANGUAGE sql IMMUTABLE AS $$ SELECT ROW($1)::app.celsius $$;
CREATE CAST (app.celsius AS numeric) WITH FUNCTION app.to_number(app.celsius);
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE COLLATION app.plain (locale = 'C');
CREATE TEXT SEARCH DICTIONARY app.words (template = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION app.search (parser = default);
ALTER TEXT SEARCH CONFIGURATION app.search ADD MAPPING FOR word WITH app.words, simple;
CREATE TEXT SEARCH PARSER app.parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE app.template (init = dsimple_init, lexize = dsimple_lexize);
CREATE FUNCTION app.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION app.inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE LANGUAGE mylang HANDLER app.handler;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION app.to_lang(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TYPE app.address AS (street text);
CREATE TRANSFORM FOR app.celsius LANGUAGE sql (FROM SQL WITH FUNCTION app.to_lang(internal));
