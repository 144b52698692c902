-- Schemas, but for those that an extension made.
SELECT quote_ident(n.nspname) AS identity,
       NULL AS parent_kind,
       NULL AS parent
  FROM pg_namespace n
 WHERE n.oid = ANY ($1::oid[])
   AND n.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_namespace'::regclass)
