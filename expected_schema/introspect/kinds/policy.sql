-- Policies of row security. Whether it is on is a property of the table.
SELECT quote_ident(p.polname) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
         AS identity,
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                      WHEN 'f' THEN 'foreign table' ELSE 'table' END AS parent_kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS parent,
       CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                     WHEN 'd' THEN 'delete' ELSE 'all' END AS command,
       p.polpermissive::text AS permissive,
       CASE WHEN p.polroles = '{0}' THEN 'public'
            ELSE (SELECT string_agg(CASE WHEN role = $2 THEN 'main owner'
                                         ELSE quote_ident(pg_get_userbyid(role)) END, ', '
                                    ORDER BY role = $2 DESC,
                                             pg_get_userbyid(role) COLLATE "C")
                    FROM unnest(p.polroles) role) END AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relnamespace = ANY ($1::oid[])
   AND c.relpersistence <> 't'
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_class'::regclass)
