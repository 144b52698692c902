CREATE OR REPLACE VIEW app.active_users AS SELECT u.id, u.name FROM app.users u;
