ALTER TYPE app.address RENAME ATTRIBUTE zip TO postcode
