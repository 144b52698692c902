-- Operator classes, each within its family: the one that came with a class goes with it.
SELECT 'operator class' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.opcname) || ' USING ' || quote_ident(m.amname)
         AS identity,
       CASE WHEN f.opfnamespace = ANY ($1::oid[]) THEN 'operator family' ELSE 'schema' END
         AS parent_kind,
       CASE WHEN f.opfnamespace = ANY ($1::oid[])
            THEN quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) || ' USING ' ||
                 quote_ident(m.amname)
            ELSE quote_ident(n.nspname) END AS parent,
       format_type(c.opcintype, NULL) AS "type!",
       c.opcdefault::text AS default,
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage_type,
       (SELECT string_agg(format('%s %s%s', o.amopstrategy, o.amopopr::regoperator,
                                 CASE WHEN o.amopsortfamily <> 0
                                      THEN (SELECT format(' for order by %I.%I', sn.nspname, s.opfname)
                                              FROM pg_opfamily s
                                              JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                                             WHERE s.oid = o.amopsortfamily) END),
                          ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
          FROM pg_depend d JOIN pg_amop o ON o.oid = d.objid
         WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass
           AND d.refobjid = c.oid) AS operators,
       (SELECT string_agg(format('%s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                                 format_type(p.amprocrighttype, NULL), p.amproc::regprocedure),
                          ', ' ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE "C",
                                        format_type(p.amproclefttype, NULL) COLLATE "C",
                                        format_type(p.amprocrighttype, NULL) COLLATE "C")
          FROM pg_depend d JOIN pg_amproc p ON p.oid = d.objid
         WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass
           AND d.refobjid = c.oid) AS functions,
       CASE WHEN c.opcowner <> $2 THEN quote_ident(pg_get_userbyid(c.opcowner)) END AS owner
  FROM pg_opclass c
  JOIN pg_am m ON m.oid = c.opcmethod
  JOIN pg_namespace n ON n.oid = c.opcnamespace
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
 WHERE c.opcnamespace = ANY ($1::oid[])
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_opclass'::regclass)
