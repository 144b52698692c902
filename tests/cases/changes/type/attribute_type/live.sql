ALTER TYPE app.address ALTER ATTRIBUTE city TYPE text
