"""The search for the service's own secrets in what git tracks, or would with the next `git add`."""

from hotelctl.core.errors import NotApplicable
from hotelctl.core.some_of import some_of
from hotelctl.facts.secret_copies import SecretCopies, SecretValues, copies
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context


def secret_copies(context: Context, tree: TreeFiles, secrets: SecretValues) -> SecretCopies:
    """Every copy but that in an env file which git does not track: there they belong.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        left = f"; {some_of(secrets.left)}: too short or too common, see ENV012" if secrets.left else ""
        raise NotApplicable(f"no value of a secret is known here that could be searched for{left}")
    own = tree.new & secrets.files
    files = {path: content for path, content in tree.files.items() if path not in own}
    found = copies(secrets.known, files, context.mark)
    return SecretCopies(len(secrets.known), len(files), found, tree.doubts)
