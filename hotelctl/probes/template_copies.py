"""The search for live values in templates that git tracks, or would with the next `git add`."""

from hotelctl.core.errors import NotApplicable
from hotelctl.facts import template_copies as templates
from hotelctl.facts.template_copies import LiveSecrets, TemplateCopies, is_template
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context


def template_copies(context: Context, tree: TreeFiles, live: LiveSecrets) -> TemplateCopies:
    """Every copy in every file that is a template by its name, or as the service file says.

    Raises:
        NotApplicable: there is no template, or no secret is set anywhere.

    """
    example = context.configuration.spec.env.example
    files = {path: content for path, content in tree.files.items() if is_template(path, example)}
    doubts = {path: why for path, why in tree.doubts.items() if is_template(path, example)}
    if not files and not doubts:
        raise NotApplicable("no template is here")
    if not live.known:
        raise NotApplicable("nothing is set under the name of a secret in any environment that is known here")
    found = templates.template_copies(live.known, files, context.mark)
    return TemplateCopies(len(live.known), tuple(sorted(files)), found, doubts)
