-- Access methods for tables and indexes.
SELECT 'access method' AS kind,
       quote_ident(a.amname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END AS type,
       a.amhandler::text AS "handler!"
  FROM pg_am a
 WHERE a.oid >= 16384
   AND a.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_am'::regclass)
