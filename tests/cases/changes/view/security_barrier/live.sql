ALTER VIEW app.active_users SET (security_barrier = true);
