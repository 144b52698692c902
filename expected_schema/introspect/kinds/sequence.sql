-- Sequences, but for those of identity columns. An owned one goes with its column. Where it
-- stands is data. It also has the owner of its table.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       CASE WHEN o.owner IS NULL THEN 'schema' ELSE 'column' END AS parent_kind,
       coalesce(o.owner, quote_ident(n.nspname)) AS parent,
       format_type(s.seqtypid, NULL) AS "type!",
       s.seqstart::text AS start,
       s.seqincrement::text AS increment,
       s.seqmin::text AS minimum,
       s.seqmax::text AS maximum,
       s.seqcache::text AS cache,
       s.seqcycle::text AS cycle,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
       o.owner AS owned_by,
       CASE WHEN c.relowner <> $2 AND o.owner IS NULL
            THEN quote_ident(pg_get_userbyid(c.relowner)) END AS owner
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN (SELECT d.objid,
                    quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' ||
                      quote_ident(a.attname) AS owner
               FROM pg_depend d
               JOIN pg_class t ON t.oid = d.refobjid
               JOIN pg_namespace tn ON tn.oid = t.relnamespace
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                AND d.objsubid = 0 AND d.refobjsubid > 0 AND d.deptype = 'a') o
         ON o.objid = s.seqrelid
 WHERE c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND s.seqrelid NOT IN (SELECT objid FROM pg_depend
                           WHERE classid = 'pg_class'::regclass
                             AND refclassid = 'pg_class'::regclass
                             AND objsubid = 0 AND refobjsubid > 0 AND deptype = 'i')
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
