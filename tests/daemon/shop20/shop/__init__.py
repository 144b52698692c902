"""Models in the style of SQLAlchemy 2.0, which make the schema of the other shop."""
