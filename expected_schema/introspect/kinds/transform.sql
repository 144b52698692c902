-- Transforms between types and languages.
SELECT (pg_identify_object('pg_transform'::regclass, f.oid, 0)).identity AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       CASE WHEN f.trffromsql <> 0 THEN f.trffromsql::regprocedure::text END AS from_sql,
       CASE WHEN f.trftosql <> 0 THEN f.trftosql::regprocedure::text END AS to_sql
  FROM pg_transform f
 WHERE f.oid >= 16384
   AND f.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_transform'::regclass)
