-- What an extension made, as it is now: CREATE OR REPLACE FUNCTION, ALTER TABLE or CREATE TRIGGER
-- change a member as they change any object, and no dump keeps it. Columns are sorted by name, for
-- an extension that was updated has them in another order. `rewritten` says that a function was
-- written by a transaction that neither made a member nor wrote the extension itself: that is what
-- a change by hand leaves, and an update does not.
WITH member AS MATERIALIZED (
  SELECT d.classid, d.objid, e.oid AS extension, quote_ident(e.extname) AS name
    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
   WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.objsubid = 0
), extension_writer AS MATERIALIZED (
  SELECT e.oid AS extension, e.xmin AS writer FROM pg_extension e
  UNION
  SELECT d.refobjid, d.xmin FROM pg_depend d
   WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
)
SELECT 'extension member' AS kind,
       o.type || ' ' || o.identity AS identity,
       'extension' AS parent_kind,
       m.name AS parent,
       pg_get_function_result(p.oid) AS result,
       p.probin AS library,
       CASE WHEN p.prokind = 'a' THEN NULL
            WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) --@ >=14
            ELSE p.prosrc END AS body,
       p.prosecdef::text AS security_definer,
       array_to_string(p.proconfig, ', ') AS config,
       (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
                          CASE WHEN a.attnotnull THEN ' not null' ELSE '' END ||
                          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''), ', '
                          ORDER BY a.attname COLLATE "C")
          FROM pg_attribute a
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0
           AND NOT a.attisdropped) AS columns,
       (SELECT string_agg(quote_ident(x.conname) || ' ' || pg_get_constraintdef(x.oid), ', '
                          ORDER BY x.conname COLLATE "C")
          FROM pg_constraint x
         WHERE x.conrelid = c.oid AND c.oid IS NOT NULL AND x.contype <> 'n' --@ >=18
         WHERE x.conrelid = c.oid AND c.oid IS NOT NULL --@ <18
            OR x.contypid = t.oid AND t.oid IS NOT NULL) AS constraints,
       (SELECT string_agg(pg_get_indexdef(x.indexrelid), ', '
                          ORDER BY pg_get_indexdef(x.indexrelid) COLLATE "C")
          FROM pg_index x WHERE x.indrelid = c.oid AND c.relkind IN ('r', 'p', 'm')) AS indexes,
       (SELECT string_agg(pg_get_triggerdef(x.oid) ||
                          CASE x.tgenabled WHEN 'O' THEN '' WHEN 'D' THEN ' disabled'
                                           WHEN 'R' THEN ' replica' ELSE ' always' END, ', '
                          ORDER BY x.tgname COLLATE "C")
          FROM pg_trigger x WHERE x.tgrelid = c.oid AND NOT x.tgisinternal) AS triggers,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
       (SELECT string_agg(pg_get_ruledef(x.oid), ' ' ORDER BY x.rulename COLLATE "C")
          FROM pg_rewrite x WHERE x.ev_class = c.oid AND x.rulename <> '_RETURN') AS rules,
       (SELECT string_agg(quote_ident(x.polname), ', ' ORDER BY x.polname COLLATE "C")
          FROM pg_policy x WHERE x.polrelid = c.oid) AS policies,
       CASE WHEN c.relrowsecurity THEN 'true' END AS row_security,
       (SELECT string_agg(quote_literal(x.enumlabel), ', ' ORDER BY x.enumsortorder)
          FROM pg_enum x WHERE x.enumtypid = t.oid) AS labels,
       CASE WHEN p.xmin NOT IN (SELECT e.writer FROM extension_writer e
                                WHERE e.extension = m.extension) THEN 'true' END AS rewritten
  FROM member m
 CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) o
  LEFT JOIN pg_namespace n ON quote_ident(n.nspname) = o.schema
  LEFT JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
  LEFT JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
  LEFT JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
 WHERE o.identity IS NOT NULL
   AND (o.schema IS NULL OR n.oid = ANY ($1::oid[]))
