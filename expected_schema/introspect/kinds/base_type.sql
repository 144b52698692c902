-- Base types, and shells of types that were never finished. Arrays come with their elements.
SELECT CASE WHEN t.typisdefined THEN 'base type' ELSE 'shell type' END AS kind,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity,
       'schema' AS parent_kind,
       quote_ident(n.nspname) AS parent,
       nullif(t.typinput::text, '-') AS input,
       nullif(t.typoutput::text, '-') AS output,
       nullif(t.typreceive::text, '-') AS receive,
       nullif(t.typsend::text, '-') AS send,
       nullif(t.typmodin::text, '-') AS modifier_input,
       nullif(t.typmodout::text, '-') AS modifier_output,
       nullif(t.typanalyze::text, '-') AS analyze,
       nullif(t.typsubscript::text, '-') AS subscript, --@ >=14
       CASE WHEN t.typisdefined THEN t.typlen::text END AS length,
       CASE WHEN t.typisdefined THEN t.typbyval::text END AS by_value,
       CASE WHEN t.typisdefined THEN
         CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'short' WHEN 'i' THEN 'int'
                         ELSE 'double' END END AS alignment,
       CASE WHEN t.typisdefined THEN
         CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main'
                           ELSE 'extended' END END AS storage,
       CASE WHEN t.typisdefined THEN t.typcategory::text END AS category,
       CASE WHEN t.typisdefined THEN t.typispreferred::text END AS preferred,
       t.typdefault AS default,
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       CASE WHEN t.typisdefined THEN t.typdelim::text END AS delimiter,
       CASE WHEN t.typisdefined THEN (t.typcollation <> 0)::text END AS collatable,
       CASE WHEN t.typowner <> $2 THEN quote_ident(pg_get_userbyid(t.typowner)) END AS owner
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined)
   AND t.typnamespace = ANY ($1::oid[])
   AND t.oid NOT IN (SELECT typarray FROM pg_type WHERE typarray <> 0)
   AND t.oid NOT IN (SELECT objid FROM pg_depend
                      WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                        AND classid = 'pg_type'::regclass)
