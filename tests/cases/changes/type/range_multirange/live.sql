ALTER TYPE app.code_ranges RENAME TO code_sets --@ >=14
