DROP TYPE app.money_range;
CREATE TYPE app.money_range AS RANGE (subtype = integer, multirange_type_name = app.money_multirange) --@ >=14
CREATE TYPE app.money_range AS RANGE (subtype = integer) --@ <14
