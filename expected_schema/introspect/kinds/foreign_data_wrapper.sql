-- Foreign data wrappers.
SELECT 'foreign data wrapper' AS kind,
       quote_ident(w.fdwname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       nullif(w.fdwhandler::regproc::text, '-') AS handler,
       nullif(w.fdwvalidator::regproc::text, '-') AS validator,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(w.fdwoptions) o
         WHERE o !~* '^[^=]*(pass|secret|token|key)') AS options,
       CASE WHEN $1::oid[] IS NOT NULL AND w.fdwowner <> $2
            THEN quote_ident(pg_get_userbyid(w.fdwowner)) END AS owner
  FROM pg_foreign_data_wrapper w
 WHERE true
   AND w.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_foreign_data_wrapper'::regclass)
