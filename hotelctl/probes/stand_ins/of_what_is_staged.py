"""Where the next commit is judged."""

from hotelctl.core.errors import NotApplicable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.leaving import ContextFiles
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.facts.secret_history import SecretHistory
from hotelctl.facts.template_names import is_template
from hotelctl.facts.tree_files import TemplateFiles, TreeFiles
from hotelctl.probes.context import Context
from hotelctl.probes.staged_files import ONLY_STAGED, staged_files


def work_tree(context: Context) -> WorkTree:
    """That of any commit, also of the first."""
    return context.repository.work_tree(unborn=True)


def tree_files(context: Context, tree: WorkTree) -> TreeFiles:
    """Those that are staged."""
    return staged_files(context.configuration.project, tree.root, context.repository)


def template_files(context: Context, staged: TreeFiles) -> TemplateFiles:
    """Those of them that are templates."""
    example = context.configuration.spec.env.example
    return TemplateFiles(
        {path: content for path, content in staged.files.items() if is_template(path, example)},
        {path: why for path, why in staged.doubts.items() if is_template(path, example)},
    )


def history_leaks(_context: Context) -> HistoryLeaks:
    """Raises `NotApplicable`."""
    raise NotApplicable(ONLY_STAGED)


def output_copies(_context: Context) -> OutputCopies:
    """Raises `NotApplicable`."""
    raise NotApplicable(ONLY_STAGED)


def context_files(_context: Context) -> ContextFiles:
    """Raises `NotApplicable`."""
    raise NotApplicable(ONLY_STAGED)


def secret_history(_context: Context) -> SecretHistory:
    """No copies in the history: it is not looked into."""
    return SecretHistory(0, (), "")
