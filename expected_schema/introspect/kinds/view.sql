-- Views and materialized views; their columns are a part of the definition. Last, since
-- pg_get_viewdef locks what the view reads.
SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       pg_get_viewdef(c.oid, false) AS "definition!",
       array_to_string(c.reloptions, ', ') AS options,
       am.amname AS access_method,
       (SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = c.reltablespace) AS tablespace,
       (SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered_on,
       CASE WHEN c.relkind = 'm' THEN c.relispopulated::text END AS populated,
       CASE WHEN c.relowner <> $2 THEN quote_ident(pg_get_userbyid(c.relowner)) END AS owner
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am am ON am.oid = c.relam
 WHERE c.relkind IN ('v', 'm')
   AND c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
