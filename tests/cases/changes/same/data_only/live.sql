INSERT INTO app.users (email, name) VALUES ('a@b', 'A'); REFRESH MATERIALIZED VIEW app.balances; ANALYZE; SELECT nextval('app.ticket_number');
