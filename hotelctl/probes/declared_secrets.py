"""Which names are secret by the env contract, and what the env files hold under them."""

from collections.abc import Iterator

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.docker_secrets import DeclaredSecrets, is_kept, is_secret_name
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile, EnvFiles, OtherEnvFiles
from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.secret import Secret
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
    values = dict.fromkeys(_values(context, contract))
    return DeclaredSecrets(names, tuple(map(Secret, values)), doubt)


def _values(context: Context, contract: EnvContract | None) -> Iterator[str]:
    for file in _files(context):
        for entry in file.entries:
            rule = contract.keys.get(entry.key) if contract else None
            secret = rule.secret if rule else is_secret_name(entry.key)
            value = entry.value.reveal()
            if secret and is_kept(value) and placeholder(value) is None:
                yield value


def _files(context: Context) -> tuple[EnvFile, ...]:
    others: OtherEnvFiles = other_env_files(context)
    try:
        here: EnvFiles = env_files(context)
    except NotApplicable:
        return others.files
    return (*here.used, *others.files)
