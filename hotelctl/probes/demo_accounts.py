"""Accounts for trying things out, looked for by the service's own query."""

from hotelctl.config.load import Configuration
from hotelctl.core.errors import NotApplicable
from hotelctl.core.ports import Databases
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.probes.context import Context

_SHOWN = 5
NO_DEMO_QUERY = "the service file declares no [security] demo_query"
_NAME = "SELECT current_database()"


def demo_accounts(context: Context) -> DemoAccounts:
    """What is found in the database of the release that serves.

    Raises:
        NotApplicable: nothing is deployed, or the service file has no query.
        Unavailable: the database cannot be asked.

    """
    context.release()
    if context.configuration.spec.security.demo_query is None:
        raise NotApplicable(NO_DEMO_QUERY)
    if context.database_url is None:
        raise NotApplicable("the service has no database")
    return found_in(context.databases, context.database(), context.configuration)


def found_in(databases: Databases, url: str, configuration: Configuration) -> DemoAccounts:
    """What the query finds there; only its first column is kept.

    Raises:
        Unavailable: the database cannot be asked, or does not understand the query.

    """
    statement = configuration.spec.security.demo_query or ""
    name = databases.query(url, _NAME).values[0][0]
    rows = databases.query(url, statement).values
    shown = tuple(str(row[0]) for row in rows[:_SHOWN])
    return DemoAccounts(configuration.environment.profile, str(name), statement, len(rows), shown)
