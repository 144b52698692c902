-- Constraints of tables and domains. What follows from a parent table is left to it; constraint
-- triggers are triggers; the NOT NULL rows of newer servers are the columns' not_null. The index
-- behind a constraint is no object of its own: what is special about it is said here.
-- A foreign key is enforced by triggers, and stays "valid" when somebody turns them off; on a
-- partition alone, where its copy is told for that.
-- The flags are properties, hence cut off the end of the definition, where PostgreSQL puts them.
WITH named AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relpersistence, c.relnamespace,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'f')
), switched AS MATERIALIZED (
  SELECT tgconstraint,
         CASE WHEN bool_or(tgenabled = 'D') THEN 'disabled'
              WHEN bool_or(tgenabled = 'R') THEN 'replica' ELSE 'always' END AS triggers
    FROM pg_trigger WHERE tgisinternal AND tgconstraint <> 0 AND tgenabled <> 'O'
   GROUP BY 1
)
SELECT quote_ident(k.conname) || ' on ' || k.owner AS identity,
       k.owner_kind AS parent_kind,
       k.owner AS parent,
       CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                      WHEN 'u' THEN 'unique' ELSE 'exclusion' END AS type,
       left(k.printed, length(k.printed) - k.flags) AS "definition!",
       k.references AS references,
       k.convalidated::text AS validated,
       k.condeferrable::text AS deferrable,
       k.condeferred::text AS deferred,
       CASE WHEN k.contype = 'c' THEN k.connoinherit::text END AS no_inherit,
       array_to_string(ic.reloptions, ', ') AS options,
       (SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = ic.reltablespace) AS tablespace,
       CASE WHEN ic.relkind = 'I' AND (NOT x.indisvalid OR x.indexrelid IN (
                   SELECT h.inhparent FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indexrelid
                    WHERE NOT i.indisvalid))
            THEN (SELECT string_agg(p.name, ', ' ORDER BY p.name COLLATE "C")
                    FROM (SELECT inhrelid FROM pg_inherits WHERE inhparent = x.indrelid
                          EXCEPT
                          SELECT i.indrelid
                            FROM pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid
                           WHERE h.inhparent = x.indexrelid AND i.indisvalid) lacking
                    JOIN named p ON p.oid = lacking.inhrelid AND p.relkind <> 'f')
       END AS partitions_without,
       x.indisvalid::text AS valid,
       g.triggers AS triggers
  FROM (SELECT con.*,
               CASE WHEN c.oid IS NULL THEN 'domain' WHEN c.relkind = 'f'
                    THEN 'foreign table' ELSE 'table' END AS owner_kind,
               coalesce(c.name, t.name) AS owner,
               f.name AS references,
               CASE WHEN con.contype IN ('p', 'u', 'x') THEN con.conindid END AS index_behind,
               pg_get_constraintdef(con.oid) AS printed,
               length(concat(
                 CASE WHEN con.contype = 'c' AND con.connoinherit THEN ' NO INHERIT' END,
                 CASE WHEN con.condeferrable THEN ' DEFERRABLE' END,
                 CASE WHEN con.condeferred THEN ' INITIALLY DEFERRED' END,
                 CASE WHEN NOT con.convalidated
                           AND con.conenforced --@ >=18
                      THEN ' NOT VALID' END)) AS flags
          FROM pg_constraint con
          LEFT JOIN named c ON c.oid = con.conrelid
          LEFT JOIN (SELECT t.oid, t.typnamespace,
                            quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name
                       FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                      WHERE t.typtype = 'd' OFFSET 0) t ON t.oid = con.contypid
          LEFT JOIN named f ON f.oid = con.confrelid
         WHERE con.contype IN ('c', 'f', 'p', 'u', 'x')
           AND (con.conparentid = 0 AND (con.coninhcount = 0 OR con.conislocal)
                OR con.oid IN (SELECT s.tgconstraint
                                 FROM switched s
                                 JOIN pg_constraint copy ON copy.oid = s.tgconstraint
                                 LEFT JOIN switched p ON p.tgconstraint = copy.conparentid
                                WHERE copy.conparentid <> 0
                                  AND s.triggers IS DISTINCT FROM p.triggers))
           AND coalesce(c.relnamespace, t.typnamespace) = ANY ($1::oid[])
           AND c.relpersistence IS DISTINCT FROM 't'
           AND con.conrelid NOT IN (SELECT objid FROM pg_depend
                                     WHERE refclassid = 'pg_extension'::regclass
                                       AND deptype = 'e' AND classid = 'pg_class'::regclass)
           AND con.contypid NOT IN (SELECT objid FROM pg_depend
                                     WHERE refclassid = 'pg_extension'::regclass
                                       AND deptype = 'e' AND classid = 'pg_type'::regclass)
        OFFSET 0) k  -- a fence: what stands in it is printed once, not at each use
  LEFT JOIN pg_index x ON x.indexrelid = k.index_behind
  LEFT JOIN pg_class ic ON ic.oid = x.indexrelid
  LEFT JOIN switched g ON g.tgconstraint = k.oid
