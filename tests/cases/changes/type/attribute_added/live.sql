ALTER TYPE app.address ADD ATTRIBUTE country text
