-- Extended statistics; what they have counted is data.
SELECT quote_ident(n.nspname) || '.' || quote_ident(s.stxname) AS identity,
       CASE c.relkind WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                      ELSE 'table' END AS parent_kind,
       quote_ident(cn.nspname) || '.' || quote_ident(c.relname) AS parent,
       pg_get_statisticsobjdef(s.oid) AS "definition!",
       nullif(s.stxstattarget, -1)::text AS target, --@ >=13
       CASE WHEN s.stxowner <> $2 THEN quote_ident(pg_get_userbyid(s.stxowner)) END AS owner
  FROM pg_statistic_ext s
  JOIN pg_namespace n ON n.oid = s.stxnamespace
  JOIN pg_class c ON c.oid = s.stxrelid
  JOIN pg_namespace cn ON cn.oid = c.relnamespace
 WHERE c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND s.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_statistic_ext'::regclass)
