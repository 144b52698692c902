-- Who is somebody at a foreign server. As whom is told to that user alone, and no property.
SELECT 'user mapping' AS kind,
       CASE WHEN m.umuser = 0 THEN 'public' WHEN m.umuser = $2 THEN 'main owner'
            ELSE quote_ident(m.usename) END || ' on server ' || quote_ident(m.srvname) AS identity,
       'server' AS parent_kind,
       quote_ident(m.srvname) AS parent
  FROM pg_user_mappings m
 WHERE $1::oid[] IS NOT NULL
   AND m.srvid NOT IN (SELECT objid FROM pg_depend
                        WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                          AND classid = 'pg_foreign_server'::regclass)
