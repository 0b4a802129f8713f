"""Which names are secret by the env contract, and what is known to stand under them."""

from collections.abc import Iterator, Mapping

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.docker_secrets import DeclaredSecrets, is_secret_name
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile, EnvFiles, OtherEnvFiles
from hotelctl.facts.env_secrets import may_be_secret, secret_entries
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.facts.template_copies import LiveSecret, LiveSecrets
from hotelctl.probes.context import Context
from hotelctl.probes.env_contract import env_contract
from hotelctl.probes.env_files import env_files, other_env_files


def declared_secrets(context: Context) -> DeclaredSecrets:
    """The names and values; without a contract a name is secret by its words alone."""
    contract, doubt = None, ""
    try:
        contract = env_contract(context) if context.configuration.spec.env.contract else None
    except Unavailable as trouble:
        doubt = trouble.reason
    rules = contract.keys.items() if contract else ()
    names = frozenset(key for key, rule in rules if rule.secret)
    values = dict.fromkeys(value for _, _, value in _values(context, contract))
    return DeclaredSecrets(names, tuple(map(Secret, values)), doubt)


def secret_values(_context: Context, live: LiveSecrets) -> SecretValues:
    """Those of them that are long and rare enough to be searched for."""
    return SecretValues.of((one.file, one.name, one.value.reveal()) for one in live.known)


def live_secrets(context: Context, declared: DeclaredSecrets) -> LiveSecrets:
    """What the env files, the release's environment and this process hold under names of secrets.

    Raises:
        Unavailable: the contract, which says what is secret, cannot be read.

    """
    if declared.doubt:
        raise Unavailable(declared.doubt)
    contract = env_contract(context) if context.configuration.spec.env.contract else None
    found = list(_values(context, contract))
    for here in (context.environ, _lasting(context)):
        set_here = [("", name, here[name]) for name in sorted(declared.names & here.keys())]
        found += [one for one in set_here if may_be_secret(one[2])]
    return LiveSecrets(tuple(LiveSecret(file, name, Secret(value)) for file, name, value in found))


def _lasting(context: Context) -> Mapping[str, str]:
    """The release's variables but the address of a database that is made for this command alone."""
    database = context.configuration.spec.database
    made = database.url_env if database is not None and context.later is not None else None
    return {name: value for name, value in context.release_env.items() if name != made}


def _values(context: Context, contract: EnvContract | None) -> Iterator[tuple[str, str, str]]:
    """File, name and value of each secret."""

    def is_secret(name: str) -> bool:
        rule = contract.keys.get(name) if contract else None
        return rule.secret if rule else is_secret_name(name)

    return secret_entries(_files(context), is_secret)


def _files(context: Context) -> tuple[EnvFile, ...]:
    others: OtherEnvFiles = other_env_files(context)
    try:
        here: EnvFiles = env_files(context)
    except NotApplicable:
        return others.files
    return (*here.used, *others.files)
