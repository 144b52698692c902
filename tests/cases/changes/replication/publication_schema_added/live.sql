-- as superuser
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA more
