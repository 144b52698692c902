-- as superuser
CREATE EVENT TRIGGER second ON sql_drop EXECUTE FUNCTION app.observe()
