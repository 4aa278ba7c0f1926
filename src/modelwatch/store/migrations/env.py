"""Alembic's entry: runs the migrations on the connection that `store.migrate` hands over."""

from alembic import context

from modelwatch.store import notify_tables, outcome_tables, tables

assert outcome_tables.metadata is notify_tables.metadata is tables.metadata
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tables.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
