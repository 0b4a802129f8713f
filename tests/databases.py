"""Databases that tests make on a server and drop again."""

import psycopg
from psycopg import sql


def create(connection: psycopg.Connection, name: str, template: str | None = None) -> None:
    """The new database `name`, empty or a copy of `template`."""
    database = sql.Identifier(name)
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {}").format(database) + source)
    # The server may be a real one, on which each commit would wait for the disk.
    connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(database))


def drop(connection: psycopg.Connection, name: str) -> None:
    """No database `name` any more, whoever is still connected to it."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
