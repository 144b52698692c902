CREATE TABLE app.orders_us PARTITION OF app.orders (PRIMARY KEY (id, region)) FOR VALUES IN ('us');
ALTER TABLE app.orders_us ENABLE ROW LEVEL SECURITY;
