"""The shared history of environments in SQLite or PostgreSQL."""
