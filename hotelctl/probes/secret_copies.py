"""The search for the service's own secrets in what git tracks, or would with the next `git add`."""

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.secret_copies import SecretCopies, SecretValues, copies, none_known
from hotelctl.facts.template_names import is_template
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context


def secret_copies(context: Context, tree: TreeFiles, secrets: SecretValues) -> SecretCopies:
    """Every copy but that in an env file which git does not track: there they belong.

    Templates are searched by themselves: what stands there is copied into the next environment.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        raise NotApplicable(none_known(secrets))
    own = tree.new & secrets.files
    example = context.configuration.spec.env.example
    files = {
        path: content
        for path, content in tree.files.items()
        if path not in own and not is_template(path, example)
    }
    told = copies(secrets.known, files, context.mark)
    return SecretCopies(len(secrets.known), len(files), told.found, {**tree.doubts, **told.doubts})
