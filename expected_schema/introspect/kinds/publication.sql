-- Publications; what is in them is an object each.
SELECT quote_ident(p.pubname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       p.puballtables::text AS all_tables,
       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                 CASE WHEN p.pubdelete THEN 'delete' END,
                 CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations,
       p.pubviaroot::text AS via_root, --@ >=13
       CASE p.pubgencols WHEN 'n' THEN 'none' ELSE 'stored' END AS generated_columns, --@ >=18
       CASE WHEN $1::oid[] IS NOT NULL AND p.pubowner <> $2
            THEN quote_ident(pg_get_userbyid(p.pubowner)) END AS owner
  FROM pg_publication p
 WHERE true
   AND p.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_publication'::regclass)
