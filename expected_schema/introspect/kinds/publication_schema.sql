-- Schemas whose tables a publication takes, all of them.
SELECT 'publication schema' AS kind,
       quote_ident(n.nspname) || ' in publication ' || quote_ident(p.pubname) AS identity,
       'publication' AS parent_kind,
       quote_ident(p.pubname) AS parent
  FROM pg_publication_namespace r --@ >=15
  FROM (SELECT oid AS pnpubid, oid AS pnnspid FROM pg_publication WHERE false) r --@ <15
  JOIN pg_publication p ON p.oid = r.pnpubid
  JOIN pg_namespace n ON n.oid = r.pnnspid
 WHERE n.oid = ANY ($1::oid[])
