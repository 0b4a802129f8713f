"""The outside services that the service file names, as the variables of a release configure them."""

from collections.abc import Iterator, Mapping, Sequence
from string import Template

from hotelctl.config.external import External
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.outside_services import Address, Outside, OutsideServices, read_address
from hotelctl.facts.release_environment import Setting
from hotelctl.facts.secret import Secret
from hotelctl.probes.context import Context
from hotelctl.probes.env_contract import env_contract
from hotelctl.probes.kept_release import place_of
from hotelctl.probes.release_environment import release_environment


def outside_services(context: Context) -> OutsideServices:
    """Those that the candidate would speak to.

    Raises:
        NotApplicable: none is named, or none is configured.
        Unavailable: the env contract cannot be read.

    """
    _require_named(context)
    contract = _contract(context)
    return _configured(release_environment(context, contract).settings, contract, context)


def serving_services(release_id: str, context: Context) -> OutsideServices:
    """Those that the release which serves speaks to; raises as `outside_services` does."""
    _require_named(context)
    env = place_of(release_id, context).env
    settings = {key: Setting(key, Secret(value), "the release that serves") for key, value in env.items()}
    return _configured(settings, _contract(context), context)


def _require_named(context: Context) -> None:
    if not context.configuration.spec.external:
        raise NotApplicable(context.configuration.names_no("outside service"))


def _contract(context: Context) -> EnvContract:
    try:
        return env_contract(context)
    except NotApplicable:
        return EnvContract("", {})


def _configured(settings: Mapping[str, Setting], contract: EnvContract, context: Context) -> OutsideServices:
    filled = {key: one for key, one in settings.items() if one.value.reveal().strip()}
    defaults = {key: rule.default for key, rule in contract.keys.items() if rule.default is not None}
    values = {**defaults, **{key: one.value.reveal().strip() for key, one in filled.items()}}
    named = context.configuration.spec.external
    found = tuple(_found(named, filled, values))
    if not found:
        off = ", ".join(str(said.variable) for said in named.values())
        raise NotApplicable(f"no outside service is configured: not set are {off}")
    return OutsideServices(context.configuration.environment.profile, found)


def _found(
    named: Mapping[str, External], filled: Mapping[str, Setting], values: Mapping[str, str]
) -> Iterator[Outside]:
    for name, said in named.items():
        if said.variable is None or said.variable in filled:
            key = filled[said.variable] if said.variable else None
            address, trouble = _address(said.url, values)
            yield Outside(
                name=name,
                key=key,
                address=address,
                trouble=trouble,
                has_check=said.check is not None,
                latency_limit_ms=said.latency_limit_ms,
                live_keys=said.live_keys,
                test_keys=said.test_keys,
            )


def _address(urls: Sequence[str], values: Mapping[str, str]) -> tuple[Address | None, str]:
    """The first address that can be filled; else why there is none, which is nothing where none is named."""
    trouble = ""
    for text in urls:
        try:
            return read_address(Template(text).substitute(values)), ""
        except KeyError as missing:
            trouble = trouble or f"its url {text} needs {missing.args[0]}, which is not set"
        except ValueError as wrong:
            return None, f"its url {text} {wrong}"
    return None, trouble
