-- Languages that somebody made; most come as extensions.
SELECT quote_ident(l.lanname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       l.lanpltrusted::text AS trusted,
       nullif(l.lanplcallfoid::regproc::text, '-') AS handler,
       nullif(l.laninline::regproc::text, '-') AS inline,
       nullif(l.lanvalidator::regproc::text, '-') AS validator,
       CASE WHEN $1::oid[] IS NOT NULL AND l.lanowner <> $2
            THEN quote_ident(pg_get_userbyid(l.lanowner)) END AS owner
  FROM pg_language l
 WHERE l.oid >= 16384
   AND l.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_language'::regclass)
