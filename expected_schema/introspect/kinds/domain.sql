-- Domains; their checks are constraints. What one has taken over from a base type's default is a
-- text, which is printed as the expression that it becomes when it is dumped and restored.
SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       format_type(t.typbasetype, t.typtypmod) AS "type!",
       CASE WHEN t.typcollation <> b.typcollation
            THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                    FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                   WHERE co.oid = t.typcollation) END AS collation,
       t.typnotnull::text AS not_null,
       coalesce(pg_get_expr(t.typdefaultbin, 0),
                '''' || replace(t.typdefault, '''', '''''') || '''::' ||
                  format_type(t.typbasetype, t.typtypmod)) AS default,
       CASE WHEN t.typowner <> $2 THEN quote_ident(pg_get_userbyid(t.typowner)) END AS owner
  FROM pg_type t
  JOIN pg_type b ON b.oid = t.typbasetype
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'd'
   AND t.typnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
