REVOKE UPDATE (secret) ON app.t FROM other
