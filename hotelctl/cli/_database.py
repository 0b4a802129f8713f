"""Which database an environment has: the one that its variables name, else the embedded one."""

from collections.abc import Mapping

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.config.load import Configuration
from hotelctl.config.release_env import compose, with_database
from hotelctl.core.ports import Databases
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.targets.places import Places


def given_url(
    configuration: Configuration, values: Mapping[str, str], environ: Mapping[str, str]
) -> str | None:
    """The owner's URL that env files or the process environment name, None when none does."""
    database = configuration.spec.database
    return None if database is None else compose(configuration, values, environ).get(database.url_env)


def embedded_url(
    configuration: Configuration, layout: Layout, databases: Databases, *, start: bool
) -> str | None:
    """The embedded database of this environment; without `start` only if its server runs already."""
    server = _server(layout)
    name = configuration.spec.service.name.replace("-", "_")
    if start:
        return databases.create(server.ensure(), name)
    url = server.url()
    return None if url is None else with_database(url, name)


def stop_embedded(layout: Layout) -> int | None:
    """The embedded server of this environment has ended; its process number, None when none ran.

    Raises:
        StepFailed: it does not end.

    """
    return _server(layout).stop()


def _server(layout: Layout) -> EmbeddedPostgres:
    return EmbeddedPostgres(Places(layout.state).postgres)
