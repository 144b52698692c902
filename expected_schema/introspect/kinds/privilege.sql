-- Who may do what with an object beyond, or short of, what every object of its sort begins with: a
-- row a grantee. `*` is with grant option, `/name` who granted it where the owner did not, `-` what
-- was revoked of the beginning. That is the built-in default, and for what initdb or an extension
-- made what pg_init_privs has kept: of a member of an extension only such changes are told.
-- The owner is called so whoever it is, and so is the role that runs the migrations.
WITH member AS MATERIALIZED (
  SELECT d.classid, d.objid, quote_ident(e.extname) AS extension
    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
   WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
), object AS MATERIALIZED (
  SELECT 'pg_class'::regclass AS class, c.oid, 0 AS sub,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
         CASE WHEN i.owner IS NOT NULL THEN 'column' END AS parent_kind, i.owner AS parent,
         c.relowner AS owner, c.relacl AS acl,
         CASE WHEN c.relkind = 'S' THEN 's'::"char" ELSE 'r' END AS sort
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN (SELECT d.objid, quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' ||
                               quote_ident(a.attname) AS owner
                 FROM pg_depend d
                 JOIN pg_class t ON t.oid = d.refobjid
                 JOIN pg_namespace tn ON tn.oid = t.relnamespace
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                  AND d.refobjsubid > 0 AND d.deptype = 'i') i ON i.objid = c.oid
   WHERE c.relacl IS NOT NULL AND c.relnamespace = ANY ($1::oid[]) AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, a.attnum,
         CASE WHEN c.relkind IN ('v', 'm') THEN 'view column' ELSE 'column' END,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname),
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' END,
         CASE WHEN c.relkind IN ('v', 'm')
              THEN quote_ident(n.nspname) || '.' || quote_ident(c.relname) END,
         c.relowner, a.attacl, 'c'
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
     AND c.relnamespace = ANY ($1::oid[]) AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, 'schema', quote_ident(n.nspname), NULL, NULL,
         n.nspowner, n.nspacl, 'n'
    FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND n.oid = ANY ($1::oid[])
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0,
         CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
         (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity, NULL, NULL,
         p.proowner, p.proacl, 'f'
    FROM pg_proc p WHERE p.proacl IS NOT NULL AND p.pronamespace = ANY ($1::oid[])
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 0,
         CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type'
                        WHEN 'r' THEN 'range' ELSE 'base type' END,
         quote_ident(n.nspname) || '.' || quote_ident(t.typname), NULL, NULL,
         t.typowner, t.typacl, 'T'
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE t.typacl IS NOT NULL AND t.typnamespace = ANY ($1::oid[])
     AND t.typtype IN ('e', 'd', 'c', 'r', 'b')
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 0, 'language', quote_ident(l.lanname), NULL, NULL,
         l.lanowner, l.lanacl, 'l'
    FROM pg_language l WHERE l.lanacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 0, 'foreign data wrapper',
         quote_ident(w.fdwname), NULL, NULL, w.fdwowner, w.fdwacl, 'F'
    FROM pg_foreign_data_wrapper w WHERE w.fdwacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 0, 'server', quote_ident(s.srvname), NULL, NULL,
         s.srvowner, s.srvacl, 'S'
    FROM pg_foreign_server s WHERE s.srvacl IS NOT NULL
  UNION ALL
  SELECT 'pg_database'::regclass, d.oid, 0, 'database', 'database', NULL, NULL,
         d.datdba, d.datacl, 'd'
    FROM pg_database d WHERE d.datacl IS NOT NULL AND d.datname = current_database()
)
SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN o.owner THEN 'owner' WHEN $2 THEN 'main owner'
            ELSE quote_ident(pg_get_userbyid(x.grantee)) END ||
         CASE WHEN o.kind = 'database' THEN ' on database'
              ELSE ' on ' || o.kind || ' ' || o.identity END AS identity,
       CASE WHEN m.extension IS NOT NULL THEN 'extension'
            WHEN o.kind = 'language' AND o.oid < 16384 THEN NULL
            ELSE coalesce(o.parent_kind, o.kind) END AS parent_kind,
       CASE WHEN m.extension IS NOT NULL THEN m.extension
            WHEN o.kind = 'language' AND o.oid < 16384 THEN NULL
            ELSE coalesce(o.parent, o.identity) END AS parent,
       string_agg(x.text, ', ' ORDER BY x.text COLLATE "C") AS privileges
  FROM object o
  LEFT JOIN member m ON m.classid = o.class AND m.objid = o.oid
  LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub
 CROSS JOIN LATERAL (
       SELECT coalesce(a.grantee, b.grantee) AS grantee,
              CASE WHEN a.grantee IS NULL THEN '-' || b.privilege_type
                   ELSE a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END ||
                        CASE WHEN a.grantor = o.owner THEN ''
                             ELSE '/' || pg_get_userbyid(a.grantor) END END AS text
         FROM aclexplode(o.acl) a
         FULL JOIN aclexplode(coalesce(i.initprivs, CASE WHEN o.sort <> 'c'
                                                         THEN acldefault(o.sort, o.owner) END)) b
              ON a.grantee = b.grantee AND a.privilege_type = b.privilege_type
             AND a.is_grantable = b.is_grantable AND a.grantor = b.grantor
        WHERE a.grantee IS NULL OR b.grantee IS NULL) x
 GROUP BY o.class, o.oid, o.sub, o.kind, o.identity, o.parent_kind, o.parent, o.owner, m.extension,
          x.grantee
