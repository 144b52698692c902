-- as superuser
REVOKE EXECUTE ON FUNCTION app.similarity(text, text) FROM PUBLIC
