-- Operator families, with those members that belong to no operator class.
SELECT 'operator family' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname)
         AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       (SELECT string_agg(format('%s %s%s', o.amopstrategy, o.amopopr::regoperator,
                                 CASE WHEN o.amopsortfamily <> 0
                                      THEN (SELECT format(' for order by %I.%I', sn.nspname, s.opfname)
                                              FROM pg_opfamily s
                                              JOIN pg_namespace sn ON sn.oid = s.opfnamespace
                                             WHERE s.oid = o.amopsortfamily) END),
                          ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
          FROM pg_amop o
         WHERE o.amopfamily = f.oid
           AND o.oid NOT IN (SELECT objid FROM pg_depend
                              WHERE classid = 'pg_amop'::regclass
                                AND refclassid = 'pg_opclass'::regclass)) AS operators,
       (SELECT string_agg(format('%s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                                 format_type(p.amprocrighttype, NULL), p.amproc::regprocedure),
                          ', ' ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE "C",
                                        format_type(p.amproclefttype, NULL) COLLATE "C",
                                        format_type(p.amprocrighttype, NULL) COLLATE "C")
          FROM pg_amproc p
         WHERE p.amprocfamily = f.oid
           AND p.oid NOT IN (SELECT objid FROM pg_depend
                              WHERE classid = 'pg_amproc'::regclass
                                AND refclassid = 'pg_opclass'::regclass)) AS functions,
       CASE WHEN f.opfowner <> $2 THEN quote_ident(pg_get_userbyid(f.opfowner)) END AS owner
  FROM pg_opfamily f
  JOIN pg_am m ON m.oid = f.opfmethod
  JOIN pg_namespace n ON n.oid = f.opfnamespace
 WHERE f.opfnamespace = ANY ($1::oid[])
   AND f.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_opfamily'::regclass)
