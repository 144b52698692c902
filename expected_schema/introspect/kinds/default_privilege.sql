-- What objects that a role will make begin with, where that is not the built-in default.
SELECT 'default privilege' AS kind,
       CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN d.defaclrole THEN 'owner' WHEN $2 THEN 'main owner'
            ELSE quote_ident(pg_get_userbyid(x.grantee)) END || ' on ' ||
         CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
                              WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
                              WHEN 'n' THEN 'schemas' ELSE 'large objects' END ||
         coalesce(' in ' || quote_ident(n.nspname), '') || ' of ' ||
         CASE d.defaclrole WHEN $2 THEN 'main owner'
              ELSE quote_ident(pg_get_userbyid(d.defaclrole)) END AS identity,
       CASE WHEN n.oid IS NOT NULL THEN 'schema' END AS parent_kind,
       quote_ident(n.nspname) AS parent,
       string_agg(x.text, ', ' ORDER BY x.text COLLATE "C") AS privileges
  FROM pg_default_acl d
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
 CROSS JOIN LATERAL (
       SELECT coalesce(a.grantee, b.grantee) AS grantee,
              CASE WHEN a.grantee IS NULL THEN '-' || b.privilege_type
                   ELSE a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END END AS text
         FROM aclexplode(d.defaclacl) a
         FULL JOIN aclexplode(CASE WHEN d.defaclnamespace = 0
                                   THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'
                                                        ELSE d.defaclobjtype END, d.defaclrole) END) b
              ON a.grantee = b.grantee AND a.privilege_type = b.privilege_type
             AND a.is_grantable = b.is_grantable
        WHERE a.grantee IS NULL OR b.grantee IS NULL) x
 WHERE d.defaclnamespace = 0 OR d.defaclnamespace = ANY ($1::oid[])
 GROUP BY x.grantee, d.defaclrole, d.defaclobjtype, n.oid, n.nspname
