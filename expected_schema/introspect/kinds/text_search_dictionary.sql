-- Text search dictionaries.
SELECT 'text search dictionary' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(d.dictname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       (SELECT quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname)
          FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
         WHERE t.oid = d.dicttemplate) AS "template!",
       d.dictinitoption AS options,
       CASE WHEN d.dictowner <> $2 THEN quote_ident(pg_get_userbyid(d.dictowner)) END AS owner
  FROM pg_ts_dict d
  JOIN pg_namespace n ON n.oid = d.dictnamespace
 WHERE d.dictnamespace = ANY ($1::oid[])
   AND d.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_ts_dict'::regclass)
