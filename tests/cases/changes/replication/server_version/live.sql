-- as superuser
ALTER SERVER remote VERSION '2'
