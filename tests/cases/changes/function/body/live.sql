CREATE OR REPLACE FUNCTION app.fee(amount numeric, rate numeric DEFAULT 0.01) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT amount * rate * 2 $$;
