-- Conversions between encodings.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.conname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       pg_encoding_to_char(c.conforencoding) AS "from",
       pg_encoding_to_char(c.contoencoding) AS "to",
       c.conproc::text AS "function!",
       c.condefault::text AS default,
       CASE WHEN c.conowner <> $2 THEN quote_ident(pg_get_userbyid(c.conowner)) END AS owner
  FROM pg_conversion c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE c.connamespace = ANY ($1::oid[])
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_conversion'::regclass)
