DROP TYPE app.money_range
