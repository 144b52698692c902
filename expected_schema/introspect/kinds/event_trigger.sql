-- Event triggers belong to the database.
SELECT 'event trigger' AS kind,
       quote_ident(e.evtname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       e.evtevent AS event,
       e.evtfoid::regproc::text AS "function!",
       (SELECT string_agg(tag, ', ' ORDER BY tag) FROM unnest(e.evttags) tag) AS tags,
       CASE e.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'
                         ELSE 'always' END AS enabled,
       CASE WHEN $1::oid[] IS NOT NULL AND e.evtowner <> $2
            THEN quote_ident(pg_get_userbyid(e.evtowner)) END AS owner
  FROM pg_event_trigger e
 WHERE true
   AND e.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_event_trigger'::regclass)
