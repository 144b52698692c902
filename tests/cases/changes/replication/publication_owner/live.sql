-- as superuser
ALTER PUBLICATION p OWNER TO app
