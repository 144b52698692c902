-- Comments on the objects of the other kinds. That of an extension comes with its files. A column
-- of a view is no object: its comment belongs to the view.
SELECT CASE WHEN o.sub IS NULL THEN o.kind || ' ' || o.identity
            WHEN o.kind = 'composite type' THEN 'attribute ' || o.identity || '.' || o.sub
            ELSE 'column ' || o.identity || '.' || o.sub END AS identity,
       CASE WHEN o.sub IS NULL OR o.kind IN ('view', 'materialized view') THEN o.kind
            WHEN o.kind = 'composite type' THEN 'attribute'
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
                             WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                             WHEN 'c' THEN 'composite type' ELSE 'table' END,
              quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname)
         FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
                                 AND d.objsubid <> 0
        WHERE d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
          AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I', 'c')
          AND c.relpersistence <> 't' AND c.relnamespace = ANY ($1::oid[])
       UNION ALL
       SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type'
                             WHEN 'r' THEN 'range' ELSE 'base type' END,
              quote_ident(n.nspname) || '.' || quote_ident(t.typname), NULL
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE d.classoid = 'pg_type'::regclass AND t.oid = d.objoid
          AND t.typtype IN ('e', 'd', 'c', 'r', 'b') AND t.typnamespace = ANY ($1::oid[])
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
       SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
              (pg_identify_object(d.classoid, d.objoid, 0)).identity, NULL
         FROM pg_proc p
        WHERE d.classoid = 'pg_proc'::regclass AND p.oid = d.objoid
          AND p.pronamespace = ANY ($1::oid[])
       UNION ALL  -- what comments are rare on
       SELECT i.type, i.identity, NULL
         FROM (SELECT 'pg_operator'::regclass, oprnamespace FROM pg_operator WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_opclass'::regclass, opcnamespace FROM pg_opclass WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_opfamily'::regclass, opfnamespace FROM pg_opfamily WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_conversion'::regclass, connamespace FROM pg_conversion WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_collation'::regclass, collnamespace FROM pg_collation WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_ts_config'::regclass, cfgnamespace FROM pg_ts_config WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_ts_dict'::regclass, dictnamespace FROM pg_ts_dict WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_ts_parser'::regclass, prsnamespace FROM pg_ts_parser WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_ts_template'::regclass, tmplnamespace FROM pg_ts_template WHERE oid = d.objoid
               UNION ALL
               SELECT 'pg_statistic_ext'::regclass, stxnamespace FROM pg_statistic_ext
                WHERE oid = d.objoid) r(class, schema)
        CROSS JOIN LATERAL (SELECT CASE type WHEN 'statistics object' THEN 'statistics' ELSE type END AS type,
                                   identity
                              FROM pg_identify_object(d.classoid, d.objoid, 0)) i
        WHERE r.class = d.classoid AND r.schema = ANY ($1::oid[])
       UNION ALL
       SELECT i.type, i.identity, NULL
         FROM (SELECT CASE type WHEN 'foreign-data wrapper' THEN 'foreign data wrapper' ELSE type END AS type,
                      identity
                 FROM pg_identify_object(d.classoid, d.objoid, 0)) i
        WHERE d.classoid IN ('pg_cast'::regclass, 'pg_am'::regclass, 'pg_language'::regclass,
                             'pg_transform'::regclass, 'pg_event_trigger'::regclass,
                             'pg_publication'::regclass, 'pg_subscription'::regclass,
                             'pg_foreign_data_wrapper'::regclass, 'pg_foreign_server'::regclass)
          AND i.identity IS NOT NULL  -- the comment on a dropped subscription stays behind
       UNION ALL
       SELECT k.kind, quote_ident(k.name) || ' on ' || quote_ident(n.nspname) || '.' ||
                        quote_ident(c.relname), NULL
         FROM (SELECT 'policy', polname, polrelid FROM pg_policy
                WHERE d.classoid = 'pg_policy'::regclass AND oid = d.objoid
               UNION ALL
               SELECT 'rule', rulename, ev_class FROM pg_rewrite
                WHERE d.classoid = 'pg_rewrite'::regclass AND oid = d.objoid
                  AND rulename <> '_RETURN') k(kind, name, relation)
         JOIN pg_class c ON c.oid = k.relation
         JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.oid = ANY ($1::oid[])) o
 -- A database's own comment is kept elsewhere, and that of an extension is its files'.
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass)
   AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM pg_depend
                                       WHERE refclassid = 'pg_extension'::regclass
                                         AND deptype = 'e')
