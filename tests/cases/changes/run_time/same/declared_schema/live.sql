CREATE SCHEMA shop_7;
CREATE TABLE shop_7.items (id serial PRIMARY KEY);
