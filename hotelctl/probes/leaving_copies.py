"""The search for the service's own secrets in what leaves the repository."""

from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingCopies
from hotelctl.facts.secret_copies import SecretValues, copies
from hotelctl.probes.context import Context


def leaving_copies(
    context: Context, sent: ContextFiles, built: ArtifactFiles, secrets: SecretValues
) -> LeavingCopies:
    """Every line on which a value that is known stands, encoded or not."""
    told = copies(secrets.known, {**sent.files, **built.files}, context.mark)
    return LeavingCopies(told.found, told.doubts)
