"""The search for live values in templates that git tracks, or would with the next `git add`."""

from hotelctl.core.errors import NotApplicable
from hotelctl.facts import template_copies as templates
from hotelctl.facts.template_copies import LiveSecrets, TemplateCopies
from hotelctl.facts.tree_files import TemplateFiles
from hotelctl.probes.context import Context


def template_copies(context: Context, found: TemplateFiles, live: LiveSecrets) -> TemplateCopies:
    """Every copy in every template.

    Raises:
        NotApplicable: there is no template, or no secret is set anywhere.

    """
    if not found.files and not found.doubts:
        raise NotApplicable("no template is here")
    if not live.known:
        raise NotApplicable("nothing is set under the name of a secret in any environment that is known here")
    told = templates.template_copies(live.known, found.files, context.mark)
    names = tuple(sorted(found.files))
    return TemplateCopies(len(live.known), names, told.found, {**found.doubts, **told.doubts})
