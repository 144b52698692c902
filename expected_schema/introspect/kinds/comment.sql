-- Comments on the objects of the other kinds. That of an extension comes with its files. A column
-- of a view is no object: its comment belongs to the view.
SELECT CASE WHEN o.sub IS NULL THEN o.kind || ' ' || o.identity
            ELSE 'column ' || o.identity || '.' || o.sub END AS identity,
       CASE WHEN o.sub IS NULL OR o.kind IN ('view', 'materialized view') THEN o.kind
            ELSE 'column' END AS parent_kind,
       CASE WHEN o.sub IS NULL OR o.kind IN ('view', 'materialized view') THEN o.identity
            ELSE o.identity || '.' || o.sub END AS parent,
       d.description AS text
  FROM pg_description d
 CROSS JOIN LATERAL (
       SELECT 'schema' AS kind, quote_ident(n.nspname) AS identity, NULL AS sub
         FROM pg_namespace n
        WHERE d.classoid = 'pg_namespace'::regclass AND n.oid = d.objoid
          AND n.oid = ANY ($1::oid[])
       UNION ALL
       SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
                             WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                             WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END,
              quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname)
         FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
                                 AND d.objsubid <> 0
        WHERE d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
          AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
          AND c.relpersistence <> 't' AND c.relnamespace = ANY ($1::oid[])
       UNION ALL
       SELECT CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END,
              quote_ident(n.nspname) || '.' || quote_ident(t.typname), NULL
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE d.classoid = 'pg_type'::regclass AND t.oid = d.objoid
          AND t.typtype IN ('e', 'd') AND t.typnamespace = ANY ($1::oid[])
       UNION ALL
       SELECT 'constraint', quote_ident(k.conname) || ' on ' || quote_ident(n.nspname) || '.' ||
                              quote_ident(coalesce(c.relname, t.typname)), NULL
         FROM pg_constraint k
         LEFT JOIN pg_class c ON c.oid = k.conrelid
         LEFT JOIN pg_type t ON t.oid = k.contypid
         JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
        WHERE d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
          AND n.oid = ANY ($1::oid[])
       UNION ALL
       SELECT 'trigger', quote_ident(g.tgname) || ' on ' || quote_ident(n.nspname) || '.' ||
                           quote_ident(c.relname), NULL
         FROM pg_trigger g
         JOIN pg_class c ON c.oid = g.tgrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE d.classoid = 'pg_trigger'::regclass AND g.oid = d.objoid
          AND n.oid = ANY ($1::oid[])
       UNION ALL
       SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
              (pg_identify_object(d.classoid, d.objoid, 0)).identity, NULL
         FROM pg_proc p
        WHERE d.classoid = 'pg_proc'::regclass AND p.oid = d.objoid
          AND p.prokind IN ('f', 'p', 'w') AND p.pronamespace = ANY ($1::oid[])) o
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass)
   AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM pg_depend
                                       WHERE refclassid = 'pg_extension'::regclass
                                         AND deptype = 'e')
