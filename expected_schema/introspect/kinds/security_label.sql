-- Labels of security modules such as SELinux, on whatever has one.
SELECT 'security label' AS kind,
       quote_ident(l.provider) || ' on ' || i.type || ' ' || i.identity AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       l.label AS label
  FROM pg_seclabel l
 CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) i
  LEFT JOIN pg_namespace n ON n.nspname = i.schema
 WHERE i.schema IS NULL OR n.oid = ANY ($1::oid[])
