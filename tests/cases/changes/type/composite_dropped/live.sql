DROP TYPE app.address
