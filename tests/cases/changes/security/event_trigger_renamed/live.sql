-- as superuser
ALTER EVENT TRIGGER watch RENAME TO audit
