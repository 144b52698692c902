ALTER AGGREGATE app.longest(text) RENAME TO most_long
