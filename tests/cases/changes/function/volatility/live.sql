ALTER FUNCTION app.fee(numeric, numeric) STABLE;
