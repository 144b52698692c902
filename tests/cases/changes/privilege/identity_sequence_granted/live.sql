GRANT USAGE ON SEQUENCE app.u_id_seq TO other
