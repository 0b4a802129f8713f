"""Where the operators of one environment meet: the URL of its state database."""

import re
from collections.abc import Mapping

from hotelctl.config.load import Configuration
from hotelctl.config.release_env import compose, leads_to
from hotelctl.core.errors import UsageError

_KNOWN = ("postgresql://", "postgres://", "sqlite:///")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def state_url(
    configuration: Configuration, values: Mapping[str, str], environ: Mapping[str, str]
) -> str | None:
    """The URL that the environment's `state_url` is or names; None where it says nothing.

    `values` fill the templates of `[run.env]`.

    Raises:
        UsageError: the variable that it names is not set, or it leads to the service's own database.

    """
    key = f"environments.{configuration.environment_name}.state_url"
    said, place = configuration.environment.state_url, configuration.source(key)
    if said is None:
        return None
    env = compose(configuration, values, environ)
    url = named_url(configuration, env | dict(environ))
    if not url:
        raise UsageError(f"{place}: {key} names {said}, which is not set", "set that variable")
    if not url.startswith(_KNOWN):
        raise UsageError(
            f"{place}: {key} leads to what is neither PostgreSQL nor a file: nobody could meet there",
            "give it a URL that begins with postgresql:// or sqlite:///, without quotes",
        )
    database = configuration.spec.database
    own = env.get(database.url_env) if database else None
    if own is not None and leads_to(own, url):
        raise UsageError(
            f"{place}: {key} leads to the service's own database, which a restore exchanges",
            "createdb makes another one, on the same server if you like",
        )
    return url


def named_url(configuration: Configuration, variables: Mapping[str, str]) -> str | None:
    """The same by `variables` alone, be it fit or not; None where they have none."""
    said = configuration.environment.state_url
    named = _VARIABLE.fullmatch(said or "")
    return variables.get(named[1]) if named else said
