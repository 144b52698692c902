-- Text search templates.
SELECT 'text search template' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(t.tmplname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       nullif(t.tmplinit::text, '-') AS init,
       t.tmpllexize::text AS "lexize!"
  FROM pg_ts_template t
  JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE t.tmplnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_ts_template'::regclass)
