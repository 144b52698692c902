-- Constraints of tables and domains. What follows from a parent table is left to it; constraint
-- triggers are triggers; the NOT NULL rows of newer servers are the columns' not_null. The index
-- behind a constraint is no object of its own: what is special about it is said here.
-- The flags are properties, hence cut off the end of the definition, where PostgreSQL puts them.
-- pg_get_constraintdef costs more than all else here together, so keys of one column without any
-- rarity are put together from the catalogue.
WITH named AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relpersistence, c.relnamespace,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'f')
)
SELECT quote_ident(k.conname) || ' on ' || k.owner AS identity,
       k.owner_kind AS parent_kind,
       k.owner AS parent,
       CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                      WHEN 'u' THEN 'unique' ELSE 'exclusion' END AS type,
       coalesce(k.plain, left(k.printed, length(k.printed) - length(
         concat(CASE WHEN k.contype = 'c' AND k.connoinherit THEN ' NO INHERIT' END,
                CASE WHEN k.condeferrable THEN ' DEFERRABLE' END,
                CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' END,
                CASE WHEN NOT k.convalidated
                          AND k.conenforced --@ >=18
                     THEN ' NOT VALID' END)))) AS "definition!",
       k.references AS references,
       k.convalidated::text AS validated,
       k.condeferrable::text AS deferrable,
       k.condeferred::text AS deferred,
       CASE WHEN k.contype = 'c' THEN k.connoinherit::text END AS no_inherit,
       array_to_string(ic.reloptions, ', ') AS options,
       k.indisvalid::text AS valid
  FROM (SELECT d.*, CASE WHEN d.plain IS NULL THEN pg_get_constraintdef(d.oid) END AS printed
          FROM (SELECT con.*,
                       CASE WHEN c.oid IS NULL THEN 'domain' WHEN c.relkind = 'f'
                            THEN 'foreign table' ELSE 'table' END AS owner_kind,
                       coalesce(c.name, t.name) AS owner,
                       f.name AS references,
                       x.indexrelid, x.indisvalid,
                       CASE con.contype
                       WHEN 'f' THEN
                         'FOREIGN KEY (' || quote_ident(a.attname) || ') REFERENCES ' || f.name ||
                         '(' || quote_ident(fa.attname) || ')' ||
                         CASE con.confmatchtype WHEN 's' THEN '' WHEN 'f' THEN ' MATCH FULL' END ||
                         CASE con.confupdtype WHEN 'a' THEN '' WHEN 'r' THEN ' ON UPDATE RESTRICT'
                                              WHEN 'c' THEN ' ON UPDATE CASCADE'
                                              WHEN 'n' THEN ' ON UPDATE SET NULL'
                                              WHEN 'd' THEN ' ON UPDATE SET DEFAULT' END ||
                         CASE con.confdeltype WHEN 'a' THEN '' WHEN 'r' THEN ' ON DELETE RESTRICT'
                                              WHEN 'c' THEN ' ON DELETE CASCADE'
                                              WHEN 'n' THEN ' ON DELETE SET NULL'
                                              WHEN 'd' THEN ' ON DELETE SET DEFAULT' END
                       WHEN 'p' THEN 'PRIMARY KEY (' || quote_ident(a.attname) || ')'
                       WHEN 'u' THEN 'UNIQUE (' || quote_ident(a.attname) || ')' END AS plain
                  FROM pg_constraint con
                  LEFT JOIN named c ON c.oid = con.conrelid
                  LEFT JOIN (SELECT t.oid, t.typnamespace,
                                    quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name
                               FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                              WHERE t.typtype = 'd') t ON t.oid = con.contypid
                  LEFT JOIN named f ON f.oid = con.confrelid
                  LEFT JOIN pg_index x ON x.indexrelid = con.conindid
                                      AND con.contype IN ('p', 'u', 'x')
                  LEFT JOIN pg_attribute a
                         ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
                        AND con.contype IN ('p', 'u', 'f') AND cardinality(con.conkey) = 1
                        AND (con.contype = 'f' OR x.indnatts = 1)
                        AND x.indnullsnotdistinct IS NOT TRUE --@ >=15
                        AND con.confdelsetcols IS NULL --@ >=15
                        AND con.conenforced --@ >=18
                  LEFT JOIN pg_attribute fa
                         ON fa.attrelid = con.confrelid AND fa.attnum = con.confkey[1]
                        AND con.contype = 'f'
                 WHERE con.contype IN ('c', 'f', 'p', 'u', 'x')
                   AND con.conparentid = 0
                   AND (con.coninhcount = 0 OR con.conislocal)
                   AND coalesce(c.relnamespace, t.typnamespace) = ANY ($1::oid[])
                   AND c.relpersistence IS DISTINCT FROM 't'
                   AND con.conrelid NOT IN (SELECT objid FROM pg_depend
                                             WHERE refclassid = 'pg_extension'::regclass
                                               AND deptype = 'e' AND classid = 'pg_class'::regclass)
                   AND con.contypid NOT IN (SELECT objid FROM pg_depend
                                             WHERE refclassid = 'pg_extension'::regclass
                                               AND deptype = 'e' AND classid = 'pg_type'::regclass)
                OFFSET 0) d  -- fences: what stands in them is printed once, not at each use
        OFFSET 0) k
  LEFT JOIN pg_class ic ON ic.oid = k.indexrelid
