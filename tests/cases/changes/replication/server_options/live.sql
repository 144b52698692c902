-- as superuser
ALTER SERVER remote OPTIONS (SET host 'b')
