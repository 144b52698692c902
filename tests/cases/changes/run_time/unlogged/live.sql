CREATE UNLOGGED TABLE app.orders_us PARTITION OF app.orders FOR VALUES IN ('us');
