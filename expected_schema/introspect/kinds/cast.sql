-- Casts; a cast goes with the type that it was made for. That of a range type to its multirange is
-- a part of the type.
WITH owner AS NOT MATERIALIZED (
  SELECT t.oid, quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name,
         CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range'
                        WHEN 'b' THEN 'base type'
              ELSE CASE c.relkind WHEN 'c' THEN 'composite type' WHEN 'f' THEN 'foreign table'
                                  WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                                  ELSE 'table' END END AS kind
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE t.typnamespace = ANY ($1::oid[])
     AND t.typtype IN ('b', 'c', 'd', 'e', 'r')
     AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
     AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
                        AND (d.classid = 'pg_type'::regclass AND d.objid = t.oid
                             OR d.classid = 'pg_class'::regclass AND d.objid = t.typrelid))
)
SELECT (pg_identify_object('pg_cast'::regclass, c.oid, 0)).identity AS identity,
       coalesce(s.kind, t.kind) AS parent_kind,
       coalesce(s.name, t.name) AS parent,
       CASE c.castmethod WHEN 'f' THEN c.castfunc::regprocedure::text WHEN 'i' THEN 'inout'
                         ELSE 'without function' END AS "method!",
       CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END
         AS context
  FROM pg_cast c
  LEFT JOIN owner s ON s.oid = c.castsource
  LEFT JOIN owner t ON t.oid = c.casttarget
 WHERE c.oid >= 16384
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE classid = 'pg_cast'::regclass
                        AND (refclassid = 'pg_extension'::regclass AND deptype = 'e'
                             OR refclassid = 'pg_type'::regclass AND deptype = 'i'))
