"""Runs the revisions on the connection that is handed over; there is no other way in."""

from alembic import context

from hotelctl.adapters.chronicle.tables import schema_of

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=schema_of(connection))
with context.begin_transaction():
    context.run_migrations()
