-- Tables of all sorts. A partition belongs to its partitioned table, which takes it along when
-- it is dropped. The index that a table is clustered on or identified by is said here, so that
-- choosing another one is one change.
SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       CASE WHEN c.relispartition THEN 'table' ELSE 'schema' END AS parent_kind,
       CASE WHEN c.relispartition
            THEN (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.relname)
                    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                    JOIN pg_namespace pn ON pn.oid = p.relnamespace
                   WHERE i.inhrelid = c.oid)
            ELSE quote_ident(n.nspname) END AS parent,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relispartition AND EXISTS (SELECT FROM pg_inherits d --@ >=14
                                               WHERE d.inhrelid = c.oid AND d.inhdetachpending) --@ >=14
            THEN 'true' END AS detach_pending, --@ >=14
       CASE WHEN i.inhrelid IS NOT NULL AND NOT c.relispartition THEN i.parents END AS inherits,
       am.amname AS access_method,
       array_to_string(c.reloptions, ', ') AS options,
       (SELECT array_to_string(t.reloptions, ', ')
          FROM pg_class t WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL)
         AS toast_options,
       (SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = c.reltablespace) AS tablespace,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
       c.relrowsecurity::text AS row_security,
       c.relforcerowsecurity::text AS force_row_security,
       CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
            ELSE 'index ' || coalesce((SELECT quote_ident(x.relname) FROM pg_index ri
                                         JOIN pg_class x ON x.oid = ri.indexrelid
                                        WHERE ri.indrelid = c.oid AND ri.indisreplident), '')
       END AS replica_identity,
       cl.relname AS clustered_on,
       f.server AS server,
       f.options AS foreign_options,
       CASE WHEN c.relowner <> $2 THEN quote_ident(pg_get_userbyid(c.relowner)) END AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN (SELECT i.inhrelid,
                    string_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname), ', '
                               ORDER BY i.inhseqno) AS parents
               FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
               JOIN pg_namespace pn ON pn.oid = p.relnamespace
              WHERE p.relkind IN ('r', 'f') GROUP BY 1) i ON i.inhrelid = c.oid
  LEFT JOIN (SELECT ci.indrelid, quote_ident(x.relname) AS relname
               FROM pg_index ci JOIN pg_class x ON x.oid = ci.indexrelid
              WHERE ci.indisclustered) cl ON cl.indrelid = c.oid
  LEFT JOIN (SELECT ft.ftrelid, quote_ident(s.srvname) AS server,
                    array_to_string(ft.ftoptions, ', ') AS options
               FROM pg_foreign_table ft JOIN pg_foreign_server s ON s.oid = ft.ftserver) f
         ON f.ftrelid = c.oid
 WHERE c.relkind IN ('r', 'p', 'f')
   AND c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
