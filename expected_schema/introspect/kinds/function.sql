-- Functions, window functions and procedures. The identity prints the types of the arguments as
-- pg_identify_object does: those with a name of their own in SQL (integer) by it, all others
-- qualified, also in pg_catalog. The constructors of a range type are a part of it.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || coalesce(a.types, '') ||
         ')' AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       pg_get_function_arguments(p.oid) AS "arguments!",
       pg_get_function_result(p.oid) AS result,
       CASE p.prokind WHEN 'w' THEN 'true' END AS window,
       l.lanname AS language,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END
         AS volatility,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
         AS parallel,
       p.proisstrict::text AS strict,
       p.proleakproof::text AS leakproof,
       p.prosecdef::text AS security_definer,
       p.procost::text AS cost,
       CASE WHEN p.proretset THEN p.prorows::text END AS rows,
       array_to_string(p.proconfig, ', ') AS config,
       CASE WHEN p.prosupport <> 0
            THEN (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.proname)
                    FROM pg_proc s JOIN pg_namespace sn ON sn.oid = s.pronamespace
                   WHERE s.oid = p.prosupport) END AS support,
       (SELECT string_agg(format_type(x, NULL), ', ' ORDER BY nr)
          FROM unnest(p.protrftypes) WITH ORDINALITY AS r(x, nr)) AS transforms,
       p.probin AS library,
       CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) ELSE --@ >=14
       p.prosrc
       END --@ >=14
         AS "body!",
       CASE WHEN p.proowner <> $2 THEN quote_ident(pg_get_userbyid(p.proowner)) END AS owner
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
 CROSS JOIN LATERAL (
       SELECT string_agg(CASE WHEN tn.nspname = 'pg_catalog' AND f.name =
                                   quote_ident(coalesce(e.typname, t.typname)) ||
                                   CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END
                              THEN 'pg_catalog.' || f.name ELSE f.name END, ',' ORDER BY nr)
         FROM unnest(p.proargtypes) WITH ORDINALITY AS r(argument, nr)
         JOIN pg_type t ON t.oid = r.argument
         JOIN pg_namespace tn ON tn.oid = t.typnamespace
         LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 AND e.typarray = t.oid
        CROSS JOIN LATERAL (SELECT format_type(t.oid, NULL)) f(name)) a(types)
 WHERE p.prokind IN ('f', 'p', 'w')
   AND p.pronamespace = ANY ($1::oid[])
   AND p.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE classid = 'pg_proc'::regclass
                        AND (refclassid = 'pg_extension'::regclass AND deptype = 'e'
                             OR refclassid = 'pg_type'::regclass AND deptype = 'i'))
