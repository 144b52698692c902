-- Columns of tables. One that came from a parent table and is as there is no fact of its own.
-- An identity column's sequence is a part of the column. No column stands in a default, which is
-- printed without its table therefore: that costs half, and waits for no lock. The option
-- pg_attver is the server's own: newer minor versions stamp every column with a number that no
-- other database has, and pg_dump leaves it out too.
SELECT c.identity || '.' || quote_ident(a.attname) AS identity,
       c.kind AS parent_kind,
       c.identity AS parent,
       format_type(a.atttypid, a.atttypmod) AS "type!",
       CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                    FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                   WHERE co.oid = a.attcollation) END AS collation,
       a.attnotnull::text AS not_null,
       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, 0) END AS default,
       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS generated,
       CASE a.attgenerated WHEN 'v' THEN 'true' END AS generated_virtual,
       CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity_kind,
       s.text AS identity_sequence,
       CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                   WHEN 'm' THEN 'main' ELSE 'extended' END END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, --@ >=14
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS statistics,
       CASE WHEN cardinality(a.attoptions) > 1 OR NOT starts_with(a.attoptions[1], 'pg_attver=')
            THEN (SELECT string_agg(o, ', ' ORDER BY nr)
                    FROM unnest(a.attoptions) WITH ORDINALITY AS r(o, nr)
                   WHERE NOT starts_with(o, 'pg_attver=')) END AS options,
       array_to_string(a.attfdwoptions, ', ') AS foreign_options,
       a.attnum::text AS position
  FROM (SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
               CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'f')
           AND c.relnamespace = ANY ($1::oid[])
           AND c.relpersistence <> 't'
           AND c.oid NOT IN (SELECT objid FROM pg_depend
                              WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                                AND classid = 'pg_class'::regclass)
        OFFSET 0) c  -- a fence: names are put together once a table, not once a column
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef
  LEFT JOIN (SELECT o.refobjid, o.refobjsubid,
                    format('%I.%I start %s increment %s minvalue %s maxvalue %s cache %s%s',
                           sn.nspname, sc.relname, s.seqstart, s.seqincrement, s.seqmin,
                           s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' cycle' END) AS text
               FROM pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid
               JOIN pg_class sc ON sc.oid = s.seqrelid
               JOIN pg_namespace sn ON sn.oid = sc.relnamespace
              WHERE o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
                AND o.classid = 'pg_class'::regclass AND o.deptype = 'i'
             OFFSET 0) s
         ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum AND a.attidentity <> ''
 WHERE (a.attinhcount = 0 OR a.attislocal OR NOT EXISTS (
         SELECT FROM pg_inherits i
           JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
                              AND NOT p.attisdropped
           LEFT JOIN pg_attrdef pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
          WHERE i.inhrelid = a.attrelid
            AND p.attnotnull = a.attnotnull AND p.attcollation = a.attcollation
            AND p.attstorage = a.attstorage
            AND p.attcompression = a.attcompression --@ >=14
            AND p.attstattarget IS NOT DISTINCT FROM a.attstattarget
            AND ARRAY(SELECT o FROM unnest(p.attoptions) o WHERE NOT starts_with(o, 'pg_attver='))
              = ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE NOT starts_with(o, 'pg_attver='))
            AND pg_get_expr(pd.adbin, pd.adrelid) IS NOT DISTINCT FROM
                pg_get_expr(d.adbin, d.adrelid)))
