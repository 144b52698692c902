DROP TYPE app.unfinished
