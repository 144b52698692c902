-- as superuser
CREATE SERVER second FOREIGN DATA WRAPPER w
