CREATE TYPE app.point3 AS (x integer, y integer)
