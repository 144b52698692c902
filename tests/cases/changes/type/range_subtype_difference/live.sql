DROP TYPE app.money_range;
CREATE TYPE app.money_range AS RANGE (subtype = numeric, subtype_diff = app.difference)
