-- Triggers that somebody made: not those behind foreign keys, nor the
-- copies on partitions, unless one of these is enabled otherwise. Before 15 the copies count as
-- internal, and before 13 only a dependency says whose copy one is.
SELECT quote_ident(g.tgname) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
         AS identity,
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'f' THEN 'foreign table' ELSE 'table' END
         AS parent_kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS parent,
       pg_get_triggerdef(g.oid, false) AS "definition!",
       CASE g.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'
                        ELSE 'always' END AS enabled
  FROM pg_trigger g
  JOIN pg_class c ON c.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT g.tgisinternal --@ >=15
 WHERE (NOT g.tgisinternal OR g.tgparentid <> 0) --@ >=13 --@ <15
 WHERE (NOT g.tgisinternal OR g.tgenabled <> (SELECT p.tgenabled FROM pg_depend d --@ <13
                                               JOIN pg_trigger p ON p.oid = d.refobjid --@ <13
                                              WHERE d.classid = 'pg_trigger'::regclass --@ <13
                                                AND d.objid = g.oid AND d.deptype = 'P' --@ <13
                                                AND d.refclassid = 'pg_trigger'::regclass)) --@ <13
   AND (g.tgparentid = 0 OR g.tgenabled <> (SELECT p.tgenabled FROM pg_trigger p --@ >=13
                                             WHERE p.oid = g.tgparentid)) --@ >=13
   AND c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
