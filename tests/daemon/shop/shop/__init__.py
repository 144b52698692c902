"""Models in the style of SQLAlchemy 1.4 that use its whole vocabulary of schemas."""
