-- Enumerated types; the order of the labels is a part of the type.
SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
          FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       CASE WHEN t.typowner <> $2 THEN quote_ident(pg_get_userbyid(t.typowner)) END AS owner
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'e'
   AND t.typnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
