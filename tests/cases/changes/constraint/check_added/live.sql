ALTER TABLE app.users ADD CONSTRAINT users_rating_max CHECK (rating <= 100);
