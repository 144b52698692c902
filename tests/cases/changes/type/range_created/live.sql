CREATE TYPE app.span AS RANGE (subtype = interval)
