-- as superuser
DROP EVENT TRIGGER watch
