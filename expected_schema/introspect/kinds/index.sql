-- Indexes that no constraint and no partitioned index stands for, unless it is kept otherwise than
-- the partitioned one. pg_get_indexdef prints
-- CREATE [UNIQUE] INDEX name ON [ONLY] table USING method (columns) ... WITH (options) WHERE
-- predicate; the ends are cut off by what is known to stand there. It costs more than all else
-- here together, so plain indexes (columns only, each with its type's own operator class and its
-- own collation; four at most) are put together from the catalogue.
WITH wanted AS MATERIALIZED (
  SELECT i.*, ic.relname, ic.reloptions, ic.reltablespace, ic.relkind, am.amname, n.nspname, c.relkind AS owner_kind,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS owner
    FROM pg_index i
    JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_am am ON am.oid = ic.relam
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relnamespace = ANY ($1::oid[])
     AND c.relkind IN ('r', 'p', 'm')
     AND c.relpersistence <> 't'
     AND (NOT ic.relispartition
          OR EXISTS (SELECT FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
                      WHERE h.inhrelid = ic.oid
                        AND (p.reloptions IS DISTINCT FROM ic.reloptions
                             OR p.reltablespace <> ic.reltablespace)))
     AND i.indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
     AND c.oid NOT IN (SELECT objid FROM pg_depend
                        WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                          AND classid = 'pg_class'::regclass)
), plain AS (
  SELECT w.indexrelid, '(' || string_agg(
           quote_ident(a.attname) || CASE w.indoption[k.nr] WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST'
                                                            WHEN 2 THEN ' NULLS FIRST'
                                                            ELSE ' DESC' END,
           ', ' ORDER BY k.nr) || ')' AS columns
    FROM wanted w
    JOIN (VALUES (1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (4, 3))
         k(number, nr) ON k.number = w.indnatts
    LEFT JOIN pg_attribute a ON a.attrelid = w.indrelid AND a.attnum = w.indkey[k.nr]
                            AND w.indcollation[k.nr] IN (0, a.attcollation)
    LEFT JOIN pg_opclass o ON o.oid = w.indclass[k.nr] AND o.opcdefault
                          AND (o.opcintype = a.atttypid
                               OR o.opcintype = 'text'::regtype AND a.atttypid = 'varchar'::regtype)
   WHERE w.indexprs IS NULL AND w.indnkeyatts = w.indnatts
     AND NOT w.indnullsnotdistinct --@ >=15
   GROUP BY w.indexrelid
  HAVING bool_and(o.oid IS NOT NULL)
)
SELECT quote_ident(w.nspname) || '.' || quote_ident(w.relname) AS identity,
       CASE w.owner_kind WHEN 'm' THEN 'materialized view' ELSE 'table' END AS parent_kind,
       w.owner AS parent,
       w.amname AS method,
       w.indisunique::text AS unique,
       coalesce(w.columns,
                substr(w.definition, h.head + 1, length(w.definition) - h.head - length(
                  concat(w.options, ' WHERE ' || w.predicate)))) AS "columns!",
       w.predicate AS predicate,
       array_to_string(w.reloptions, ', ') AS options,
       (SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = w.reltablespace) AS tablespace,
       CASE WHEN w.relkind = 'I' AND (NOT w.indisvalid OR w.indexrelid IN (
                   SELECT h.inhparent FROM pg_index x JOIN pg_inherits h ON h.inhrelid = x.indexrelid
                    WHERE NOT x.indisvalid))
            THEN (SELECT string_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname), ', '
                                    ORDER BY pn.nspname COLLATE "C", p.relname COLLATE "C")
                    FROM (SELECT inhrelid FROM pg_inherits WHERE inhparent = w.indrelid
                          EXCEPT
                          SELECT x.indrelid
                            FROM pg_inherits h JOIN pg_index x ON x.indexrelid = h.inhrelid
                           WHERE h.inhparent = w.indexrelid AND x.indisvalid) lacking
                    JOIN pg_class p ON p.oid = lacking.inhrelid AND p.relkind <> 'f'
                    JOIN pg_namespace pn ON pn.oid = p.relnamespace) END AS partitions_without,
       (w.indisvalid AND w.indisready AND w.indislive)::text AS valid,
       CASE WHEN w.indexprs IS NOT NULL  -- only an expression can have a target
            THEN (SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
                    FROM pg_attribute a
                   WHERE a.attrelid = w.indexrelid AND a.attnum > 0 AND a.attstattarget >= 0)
       END AS statistics
  FROM (SELECT w.*, p.columns,
               CASE WHEN p.columns IS NULL THEN pg_get_indexdef(w.indexrelid) END AS definition,
               CASE WHEN w.indpred IS NOT NULL THEN pg_get_expr(w.indpred, w.indrelid) END
                 AS predicate,
               CASE WHEN p.columns IS NULL AND w.reloptions IS NOT NULL
                    THEN (SELECT ' WITH (' || string_agg(
                                   quote_ident(split_part(v, '=', 1)) || '=' ||
                                   CASE WHEN quote_ident(value) = value THEN value
                                        ELSE quote_literal(value) END, ', ' ORDER BY nr) || ')'
                            FROM unnest(w.reloptions) WITH ORDINALITY AS r(v, nr),
                                 substr(v, strpos(v, '=') + 1) AS value) END AS options
          FROM wanted w LEFT JOIN plain p USING (indexrelid)
        OFFSET 0) w  -- a fence: what stands in it is printed once, not at each use
 CROSS JOIN LATERAL (
       SELECT CASE WHEN w.columns IS NULL
                   THEN length(concat('CREATE ', CASE WHEN w.indisunique THEN 'UNIQUE ' END, 'INDEX ',
                                      quote_ident(w.relname), ' ON ',
                                      CASE WHEN w.relkind = 'I' THEN 'ONLY ' END, w.owner,
                                      ' USING ', quote_ident(w.amname), ' ')) END) h(head)
