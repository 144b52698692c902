ALTER TYPE app.address RENAME TO place
