-- Subscriptions of this database. Where they connect to is a secret, and no property.
SELECT quote_ident(s.subname) AS identity,
       NULL AS parent_kind,
       NULL AS parent,
       s.subenabled::text AS enabled,
       quote_ident(s.subslotname) AS slot,
       s.subsynccommit AS synchronous_commit, --@ >=14
       (SELECT string_agg(quote_ident(name), ', ' ORDER BY name COLLATE "C")
          FROM unnest(s.subpublications) name) AS publications,
       s.subbinary::text AS binary, --@ >=14
       s.substream::text AS streaming, --@ >=14 --@ <16
       CASE s.substream WHEN 'p' THEN 'parallel' WHEN 't' THEN 'true' ELSE 'false' END AS streaming, --@ >=16
       CASE s.subtwophasestate WHEN 'd' THEN 'false' ELSE 'true' END AS two_phase, --@ >=15
       s.subdisableonerr::text AS disable_on_error, --@ >=15
       s.suborigin AS origin, --@ >=16
       s.subpasswordrequired::text AS password_required, --@ >=16
       s.subrunasowner::text AS run_as_owner, --@ >=16
       s.subfailover::text AS failover, --@ >=17
       CASE WHEN $1::oid[] IS NOT NULL AND s.subowner <> $2
            THEN quote_ident(pg_get_userbyid(s.subowner)) END AS owner
  FROM pg_subscription s
 WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
