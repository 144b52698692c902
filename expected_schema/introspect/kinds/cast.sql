-- Casts belong to the database: they have no name, and thus no schema.
-- That of a range type to its multirange is a part of the type.
SELECT (pg_identify_object('pg_cast'::regclass, c.oid, 0)).identity AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       CASE c.castmethod WHEN 'f' THEN c.castfunc::regprocedure::text WHEN 'i' THEN 'inout'
                         ELSE 'without function' END AS "method!",
       CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END
         AS context
  FROM pg_cast c
 WHERE c.oid >= 16384
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE classid = 'pg_cast'::regclass
                        AND (refclassid = 'pg_extension'::regclass AND deptype = 'e'
                             OR refclassid = 'pg_type'::regclass AND deptype = 'i'))
