"""Where an environment keeps its backups, and who may open them."""

from collections.abc import Mapping

from hotelctl.adapters.age import AgeSealing, Keys
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.s3_vault import Bucket, S3Vault
from hotelctl.cli._wiring import layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.ports import EvidenceLog, Files
from hotelctl.core.redact import Redactor
from hotelctl.core.vault import Vault


def unrecorded_vault(configuration: Configuration) -> Vault:
    """The environment's backups, for a look that is no evidence."""
    return vault_of(
        configuration, unrecorded_files(configuration), Unrecorded(Redactor(), SystemClock()), ANYWHERE
    )


def vault_of(configuration: Configuration, files: Files, evidence: EvidenceLog, reach: Reach) -> Vault:
    """The environment's backups, where its service file says."""
    layout, said = layout_of(configuration), configuration.environment.backups
    if said.store is None:
        return DirectoryVault(layout.backups(), files)
    name, _, prefix = said.store.removeprefix("s3://").partition("/")
    own = (prefix, configuration.spec.service.name, configuration.environment_name)
    bucket = Bucket(name, "".join(f"{part}/" for part in own if part), said.endpoint, said.region)
    return S3Vault(bucket, layout.workspace(), evidence, reach)


def sealing_of(configuration: Configuration, environ: Mapping[str, str], evidence: EvidenceLog) -> AgeSealing:
    """How backups are encrypted, as the service file has it."""
    said = configuration.spec.backups
    keys = Keys(said.recipients, said.identity_env, environ.get(said.identity_env))
    return AgeSealing(keys, layout_of(configuration).workspace(), evidence)
