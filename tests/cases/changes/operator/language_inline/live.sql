-- as superuser
CREATE OR REPLACE LANGUAGE mylang HANDLER app.handler INLINE app.inline
