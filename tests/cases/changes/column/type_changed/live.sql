ALTER TABLE app.trades ALTER COLUMN quantity TYPE bigint;
