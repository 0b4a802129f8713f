"""Where an environment keeps its backups, and who may open them."""

from collections.abc import Mapping

from hotelctl.adapters.age import AgeSealing, Keys
from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.cli._wiring import layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.ports import EvidenceLog, Files
from hotelctl.core.vault import Vault


def vault_of(configuration: Configuration, files: Files | None = None) -> Vault:
    """The environment's backups; without `files` what is looked at is no evidence."""
    return DirectoryVault(layout_of(configuration).backups(), files or unrecorded_files(configuration))


def sealing_of(configuration: Configuration, environ: Mapping[str, str], evidence: EvidenceLog) -> AgeSealing:
    """How backups are encrypted, as the service file has it."""
    said = configuration.spec.backups
    keys = Keys(said.recipients, said.identity_env, environ.get(said.identity_env))
    return AgeSealing(keys, layout_of(configuration).workspace(), evidence)
