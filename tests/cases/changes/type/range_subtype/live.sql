DROP TYPE app.money_range;
CREATE TYPE app.money_range AS RANGE (subtype = integer, multirange_type_name = app.money_multirange)
