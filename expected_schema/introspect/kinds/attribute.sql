-- What composite types are made of.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname)
         AS identity,
       'composite type' AS parent_kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS parent,
       format_type(a.atttypid, a.atttypmod) AS "type!",
       CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                    FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                   WHERE co.oid = a.attcollation) END AS collation,
       a.attnum::text AS position
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relkind = 'c'
   AND c.relnamespace = ANY ($1::oid[])
   AND c.reltype NOT IN (SELECT objid FROM pg_depend
                          WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                            AND classid = 'pg_type'::regclass)
