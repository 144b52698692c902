-- Operators, but for those that only stand for a commutator or negator that was never made.
SELECT (pg_identify_object('pg_operator'::regclass, o.oid, 0)).identity AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       o.oprcode::text AS "function!",
       format_type(o.oprresult, NULL) AS "result!",
       CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END AS commutator,
       CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END AS negator,
       nullif(o.oprrest::text, '-') AS restrict,
       nullif(o.oprjoin::text, '-') AS join,
       o.oprcanhash::text AS hashes,
       o.oprcanmerge::text AS merges,
       CASE WHEN o.oprowner <> $2 THEN quote_ident(pg_get_userbyid(o.oprowner)) END AS owner
  FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprcode <> 0
   AND o.oprnamespace = ANY ($1::oid[])
   AND o.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_operator'::regclass)
