"""What git and the engine would do with env files that nobody made or declared yet."""

from collections.abc import Collection, Iterable, Iterator

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.coming_env_files import ComingEnvFile, ComingEnvFiles, made_from
from hotelctl.facts.compose import ComposeFiles
from hotelctl.facts.docker_context import IgnoreRules
from hotelctl.facts.git_files import looks_like_env_file
from hotelctl.facts.template_names import is_template
from hotelctl.probes.build_contexts import ignore_rules, inside
from hotelctl.probes.context import Context
from hotelctl.probes.dockerfiles import dockerfile_names
from hotelctl.probes.git_files import declared_env_files


def coming_env_files(context: Context, tree: WorkTree, compose: ComposeFiles) -> ComingEnvFiles:
    """Those that a template is copied to, and those that lie here, but what is declared or tracked.

    Raises:
        NotApplicable: there are none.

    """
    example = context.configuration.spec.env.example
    tracked = set(context.repository.tracked(("*",)))
    made = made_from((path for path in tracked if is_template(path)), example)
    lying = dict.fromkeys((path for path in tree.dirty if looks_like_env_file(path, example)), "")
    others = tracked.union(declared_env_files(context.configuration))
    names = {path: origin for path, origin in (lying | made).items() if path not in others}
    if not names:
        raise NotApplicable("every env file that lies here or has a template is declared: see ENV015, DKR009")
    doubts: dict[str, str] = {}
    rules = tuple(_rules(context, compose, doubts))
    ignored = context.repository.ignored(tuple(names))
    return ComingEnvFiles(
        tuple(
            ComingEnvFile(
                path,
                origin,
                _within(path, rules),
                exposed=not ignored[path],
                sent_by=tuple(_senders(path, rules)),
            )
            for path, origin in sorted(names.items())
        ),
        doubts,
    )


def _rules(
    context: Context, compose: ComposeFiles, doubts: dict[str, str]
) -> Iterator[tuple[str, IgnoreRules]]:
    for name in dockerfile_names(context):
        try:
            yield from ((name, one) for one in ignore_rules(name, compose, context))
        except Unavailable as trouble:
            doubts[name] = trouble.reason


def _senders(path: str, rules: Iterable[tuple[str, IgnoreRules]]) -> Iterator[tuple[str, str | None]]:
    for name, one in rules:
        relative = inside(one.root, path)
        if relative and one.sent(relative):
            yield name, one.path


def _within(path: str, rules: Collection[tuple[str, IgnoreRules]]) -> str:
    """The path as the first context has it in which it lies; empty where it lies in none."""
    return next(filter(None, (inside(one.root, path) for _, one in rules)), "" if rules else path)
