"""The env contract where a command needs it before anything is asked."""

from hotelctl.config.load import Configuration
from hotelctl.config.release_env import contract_text
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.facts.env_contract import EnvContract, parse_contract


def contract_of(configuration: Configuration) -> EnvContract:
    """The contract. Raises `UsageError` with file and line where it cannot be read, or none is named."""
    name = configuration.spec.env.contract
    if name is None:
        place = configuration.file
        raise UsageError(f"{place}: names no env contract", '[env]\ncontract = "env.toml"')
    try:
        return parse_contract(name, contract_text(configuration, name))
    except Unavailable as error:
        raise UsageError(error.reason, f"mend {name}") from error


def require_contract(configuration: Configuration) -> None:
    """Return when the project names no contract or one that can be understood. Raises `UsageError`."""
    if configuration.spec.env.contract is not None:
        contract_of(configuration)
