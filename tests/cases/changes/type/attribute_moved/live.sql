ALTER TYPE app.address DROP ATTRIBUTE street;
ALTER TYPE app.address ADD ATTRIBUTE street text
