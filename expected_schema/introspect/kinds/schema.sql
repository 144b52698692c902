-- Schemas, but for those that an extension made. Before PostgreSQL 15 public belongs to whoever
-- ran initdb.
SELECT quote_ident(n.nspname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       CASE WHEN n.nspowner <> $2 AND NOT (n.nspowner = 10 AND n.nspname = 'public')
            THEN quote_ident(pg_get_userbyid(n.nspowner)) END AS owner
  FROM pg_namespace n
 WHERE n.oid = ANY ($1::oid[])
   AND n.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_namespace'::regclass)
