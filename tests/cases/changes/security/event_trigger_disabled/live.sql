-- as superuser
ALTER EVENT TRIGGER watch DISABLE
