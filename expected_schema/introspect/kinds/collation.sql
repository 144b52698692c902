-- Collations. The recorded version is that of the library in which the collation was made, so two
-- servers may differ in it; that it is another than the library's now is worth to be told, since
-- indexes over it may be out of order.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
                           ELSE 'default' END AS provider,
       c.collcollate AS collate,
       c.collctype AS ctype,
       c.colliculocale AS locale, --@ >=15 --@ <17
       c.colllocale AS locale, --@ >=17
       c.collicurules AS rules, --@ >=16
       c.collisdeterministic::text AS deterministic,
       CASE WHEN c.collencoding >= 0 THEN pg_encoding_to_char(c.collencoding) END AS encoding,
       CASE WHEN c.collversion <> pg_collation_actual_version(c.oid) THEN 'true' END
         AS version_mismatch,
       CASE WHEN c.collowner <> $2 THEN quote_ident(pg_get_userbyid(c.collowner)) END AS owner
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 WHERE c.collnamespace = ANY ($1::oid[])
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_collation'::regclass)
