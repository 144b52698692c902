-- as superuser
CREATE TRANSFORM FOR app.address LANGUAGE sql (FROM SQL WITH FUNCTION app.to_lang(internal))
