"""PostgreSQL's frontend/backend protocol, as far as a session that is looked at on its way needs it."""
