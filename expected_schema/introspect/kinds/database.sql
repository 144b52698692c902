-- The database itself, whatever its name is.
SELECT 'database' AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       pg_encoding_to_char(d.encoding) AS encoding,
       d.datcollate AS collate,
       d.datctype AS ctype,
       CASE d.datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END --@ >=15
         AS locale_provider, --@ >=15
       d.daticulocale AS locale, --@ >=15 --@ <17
       d.datlocale AS locale, --@ >=17
       d.daticurules AS rules, --@ >=16
       CASE WHEN d.datcollversion <> pg_database_collation_actual_version(d.oid) --@ >=15
            THEN 'true' END AS version_mismatch, --@ >=15
       d.datallowconn::text AS connections_allowed,
       nullif(d.datconnlimit, -1)::text AS connection_limit,
       d.datistemplate::text AS template,
       (SELECT quote_ident(t.spcname) FROM pg_tablespace t WHERE t.oid = d.dattablespace)
         AS tablespace,
       (SELECT description FROM pg_shdescription
         WHERE classoid = 'pg_database'::regclass AND objoid = d.oid) AS comment,
       CASE WHEN $1::oid[] IS NOT NULL AND d.datdba <> $2
            THEN quote_ident(pg_get_userbyid(d.datdba)) END AS owner
  FROM pg_database d
 WHERE d.datname = current_database()
