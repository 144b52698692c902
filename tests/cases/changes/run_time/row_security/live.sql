CREATE TABLE app.orders_us PARTITION OF app.orders FOR VALUES IN ('us');
GRANT SELECT ON app.orders_us TO other;
