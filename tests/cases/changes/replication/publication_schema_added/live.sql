-- as superuser --@ >=15
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA more --@ >=15
