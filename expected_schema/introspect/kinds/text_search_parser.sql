-- Text search parsers.
SELECT 'text search parser' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(p.prsname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       p.prsstart::text AS "start!",
       p.prstoken::text AS "token!",
       p.prsend::text AS "end!",
       nullif(p.prsheadline::text, '-') AS headline,
       p.prslextype::text AS "lextypes!"
  FROM pg_ts_parser p
  JOIN pg_namespace n ON n.oid = p.prsnamespace
 WHERE p.prsnamespace = ANY ($1::oid[])
   AND p.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_ts_parser'::regclass)
