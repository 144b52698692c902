-- Text search configurations; which dictionaries a kind of token goes through, in their order.
SELECT 'text search configuration' AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.prsname)
          FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace
         WHERE p.oid = c.cfgparser) AS "parser!",
       (SELECT string_agg(m.token || ': ' || m.dictionaries, E'\n' ORDER BY m.token COLLATE "C")
          FROM (SELECT t.alias AS token,
                       string_agg(quote_ident(dn.nspname) || '.' || quote_ident(d.dictname), ', '
                                  ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_ts_config_map m
                  JOIN pg_ts_dict d ON d.oid = m.mapdict
                  JOIN pg_namespace dn ON dn.oid = d.dictnamespace
                  JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
                 WHERE m.mapcfg = c.oid GROUP BY t.alias) m) AS mappings,
       CASE WHEN c.cfgowner <> $2 THEN quote_ident(pg_get_userbyid(c.cfgowner)) END AS owner
  FROM pg_ts_config c
  JOIN pg_namespace n ON n.oid = c.cfgnamespace
 WHERE c.cfgnamespace = ANY ($1::oid[])
   AND c.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_ts_config'::regclass)
