DROP AGGREGATE app.longest(text)
