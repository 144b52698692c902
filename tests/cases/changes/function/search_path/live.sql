ALTER FUNCTION app.fee(numeric, numeric) SET search_path = app;
