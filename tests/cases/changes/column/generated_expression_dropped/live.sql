ALTER TABLE app.accounts ALTER COLUMN balance_cents DROP EXPRESSION; --@ >=13
