-- Extensions belong to the database, whatever schema they put their members into.
SELECT quote_ident(e.extname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       e.extversion AS version,
       quote_ident(n.nspname) AS schema
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
