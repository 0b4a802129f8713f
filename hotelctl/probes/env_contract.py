"""The environment contract of the service file."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.env_contract import EnvContract, parse_contract
from hotelctl.probes.context import Context


def env_contract(context: Context) -> EnvContract:
    """The contract.

    Raises:
        NotApplicable: the service file names none.
        Unavailable: it cannot be read; or there is no service file, so that nobody decided to have none.

    """
    name = context.configuration.spec.env.contract
    if name is None and not context.configuration.written:
        so = "no variable can be held against it"
        raise Unavailable(context.configuration.lacks("an env contract", so))
    if name is None:
        raise NotApplicable(context.configuration.names_no("env contract"))
    try:
        text = context.files.read(context.configuration.project / name).decode()
    except FileNotFoundError as error:
        raise Unavailable(f"{name}: the env contract is not there") from error
    except UnicodeDecodeError as error:
        raise Unavailable(f"{name}: the env contract is not UTF-8 (byte {error.start})") from error
    return parse_contract(name, text)
