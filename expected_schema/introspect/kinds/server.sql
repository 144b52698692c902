-- Foreign servers. An option whose name speaks of a secret is no property.
SELECT quote_ident(s.srvname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       quote_ident(w.fdwname) AS wrapper,
       s.srvtype AS type,
       s.srvversion AS version,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(s.srvoptions) o
         WHERE o !~* '^[^=]*(pass|secret|token|key)') AS options,
       CASE WHEN $1::oid[] IS NOT NULL AND s.srvowner <> $2
            THEN quote_ident(pg_get_userbyid(s.srvowner)) END AS owner
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 WHERE true
   AND s.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_foreign_server'::regclass)
