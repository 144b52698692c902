DROP TYPE app.code_range;
CREATE TYPE app.code_range AS RANGE (subtype = text, collation = "POSIX", multirange_type_name = app.code_ranges) --@ >=14
CREATE TYPE app.code_range AS RANGE (subtype = text, collation = "POSIX") --@ <14
