-- Tables that a publication names.
SELECT 'publication table' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' in publication ' ||
         quote_ident(p.pubname) AS identity,
       'publication' AS parent_kind,
       quote_ident(p.pubname) AS parent,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) --@ >=15
          FROM pg_attribute a --@ >=15
         WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)) AS columns, --@ >=15
       NULL AS columns, --@ <15
       pg_get_expr(r.prqual, r.prrelid) AS rows --@ >=15
       NULL AS rows --@ <15
  FROM pg_publication_rel r
  JOIN pg_publication p ON p.oid = r.prpubid
  JOIN pg_class c ON c.oid = r.prrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relnamespace = ANY ($1::oid[])
