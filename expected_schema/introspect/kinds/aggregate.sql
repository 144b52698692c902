-- Aggregates. Their arguments are written as those of functions.
SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || coalesce(x.types, '') ||
         ')' AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       pg_get_function_arguments(p.oid) AS "arguments!",
       pg_get_function_result(p.oid) AS result,
       CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END AS set,
       a.aggtransfn::text AS "transition!",
       format_type(a.aggtranstype, NULL) AS "state!",
       nullif(a.aggtransspace, 0)::text AS state_size,
       a.agginitval AS initial,
       nullif(a.aggfinalfn::text, '-') AS final,
       a.aggfinalextra::text AS final_extra,
       CASE a.aggfinalmodify WHEN 'r' THEN 'read only' WHEN 's' THEN 'shareable'
                             ELSE 'read write' END AS final_modify,
       nullif(a.aggcombinefn::text, '-') AS combine,
       nullif(a.aggserialfn::text, '-') AS serialize,
       nullif(a.aggdeserialfn::text, '-') AS deserialize,
       nullif(a.aggmtransfn::text, '-') AS moving_transition,
       nullif(a.aggminvtransfn::text, '-') AS moving_inverse,
       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS moving_state,
       nullif(a.aggmtransspace, 0)::text AS moving_state_size,
       a.aggminitval AS moving_initial,
       nullif(a.aggmfinalfn::text, '-') AS moving_final,
       CASE WHEN a.aggmtransfn <> 0 THEN a.aggmfinalextra::text END AS moving_final_extra,
       CASE WHEN a.aggmtransfn <> 0 THEN
         CASE a.aggmfinalmodify WHEN 'r' THEN 'read only' WHEN 's' THEN 'shareable'
                                ELSE 'read write' END END AS moving_final_modify,
       CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END AS sort_operator,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
         AS parallel,
       CASE WHEN p.proowner <> $2 THEN quote_ident(pg_get_userbyid(p.proowner)) END AS owner
  FROM pg_aggregate a
  JOIN pg_proc p ON p.oid = a.aggfnoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL (
       SELECT string_agg(CASE WHEN tn.nspname = 'pg_catalog' AND f.name =
                                   quote_ident(coalesce(e.typname, t.typname)) ||
                                   CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END
                              THEN 'pg_catalog.' || f.name ELSE f.name END, ',' ORDER BY nr)
         FROM unnest(p.proargtypes) WITH ORDINALITY AS r(argument, nr)
         JOIN pg_type t ON t.oid = r.argument
         JOIN pg_namespace tn ON tn.oid = t.typnamespace
         LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND e.typarray = t.oid
        CROSS JOIN LATERAL (SELECT format_type(t.oid, NULL)) f(name)) x(types)
 WHERE p.pronamespace = ANY ($1::oid[])
   AND p.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_proc'::regclass)
