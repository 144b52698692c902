-- Range types; the multirange type that comes with one is a part of it.
SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       format_type(r.rngsubtype, NULL) AS "subtype!",
       (SELECT quote_ident(on_.nspname) || '.' || quote_ident(o.opcname)
          FROM pg_opclass o JOIN pg_namespace on_ ON on_.oid = o.opcnamespace
         WHERE o.oid = r.rngsubopc) AS "operator_class!",
       CASE WHEN r.rngcollation <> s.typcollation
            THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                    FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                   WHERE co.oid = r.rngcollation) END AS collation,
       nullif(r.rngcanonical::text, '-') AS canonical,
       nullif(r.rngsubdiff::text, '-') AS subtype_difference,
       (SELECT quote_ident(mn.nspname) || '.' || quote_ident(m.typname) --@ >=14
          FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace --@ >=14
         WHERE m.oid = r.rngmultitypid) AS multirange, --@ >=14
       CASE WHEN t.typowner <> $2 THEN quote_ident(pg_get_userbyid(t.typowner)) END AS owner
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
