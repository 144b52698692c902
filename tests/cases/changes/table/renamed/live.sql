ALTER TABLE audit.log RENAME TO journal;
