COMMENT ON FUNCTION app.touch() IS 'keeps updated_at';
