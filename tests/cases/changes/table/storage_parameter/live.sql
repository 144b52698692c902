ALTER TABLE audit.log SET (fillfactor = 70);
