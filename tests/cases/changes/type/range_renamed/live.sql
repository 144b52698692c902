ALTER TYPE app.money_range RENAME TO price_range
