"""Runs the revisions on the connection that hotelctl.app.migrate hands over; there is no other way in."""

from alembic import context

from hotelctl.app.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
