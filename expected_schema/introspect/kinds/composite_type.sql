-- Composite types that somebody made, not the row types of tables and views; what they are made of
-- are attributes.
SELECT 'composite type' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       CASE WHEN t.typowner <> $2 THEN quote_ident(pg_get_userbyid(t.typowner)) END AS owner
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
