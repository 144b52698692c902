-- Columns of views that have a default or an option of their own; their names and types are a part
-- of the view.
SELECT 'view column' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname)
         AS identity,
       CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS parent_kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS parent,
       pg_get_expr(d.adbin, 0) AS default,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS statistics,
       CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                   WHEN 'm' THEN 'main' ELSE 'extended' END END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, --@ >=14
       (SELECT string_agg(o, ', ' ORDER BY nr) FROM unnest(a.attoptions) WITH ORDINALITY AS r(o, nr)
         WHERE NOT starts_with(o, 'pg_attver=')) AS options
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('v', 'm')
   AND c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND (d.oid IS NOT NULL OR a.attstattarget >= 0
        OR c.relkind = 'm' AND a.attstorage <> t.typstorage
        OR a.attcompression <> '' --@ >=14
        OR EXISTS (SELECT FROM unnest(a.attoptions) o WHERE NOT starts_with(o, 'pg_attver=')))
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
