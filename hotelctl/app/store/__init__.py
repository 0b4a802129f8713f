"""PostgreSQL: the engine, the tenant of each transaction, tables and statements."""
