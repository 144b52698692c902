-- as superuser
ALTER SERVER remote OWNER TO other
