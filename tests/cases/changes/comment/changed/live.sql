COMMENT ON TABLE app.users IS 'customers';
