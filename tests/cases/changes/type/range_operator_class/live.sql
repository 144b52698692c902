DROP TYPE app.code_range;
CREATE TYPE app.code_range AS RANGE (subtype = text, subtype_opclass = text_pattern_ops, collation = "C", multirange_type_name = app.code_ranges) --@ >=14
CREATE TYPE app.code_range AS RANGE (subtype = text, subtype_opclass = text_pattern_ops, collation = "C") --@ <14
