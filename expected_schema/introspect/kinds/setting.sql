-- What ALTER DATABASE and ALTER ROLE IN DATABASE set for sessions in this database.
SELECT quote_ident(split_part(entry, '=', 1)) || ' of ' ||
         CASE s.setrole WHEN 0 THEN 'database' WHEN $2 THEN 'main owner'
              ELSE 'role ' || quote_ident(pg_get_userbyid(s.setrole)) END AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       substr(entry, strpos(entry, '=') + 1) AS value
  FROM pg_db_role_setting s
  JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database()
 CROSS JOIN LATERAL unnest(s.setconfig) entry
 WHERE $1::oid[] IS NOT NULL
   AND split_part(entry, '=', 1) !~* '(pass|secret|token|key)'
