"""hadolint's remarks on every Dockerfile, with and without the comments that keep some back."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import Question
from hotelctl.core.ports import Command
from hotelctl.facts import hadolint
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.hadolint import HadolintRuns, Linted, Remark
from hotelctl.probes.context import Context

_CONFIGS = (".hadolint.yaml", ".hadolint.yml")
_TIMEOUT_S = 30.0
_LIMIT_BYTES = 1_000_000


def hadolint_runs(context: Context, files: Dockerfiles) -> HadolintRuns:
    """What it says of each file that can be read, or why it could not judge one."""
    linted: dict[str, Linted] = {}
    doubts: dict[str, str] = {}
    config = _config(context)
    for file in files.files:
        try:
            linted[file.path] = _linted(context, file, config)
        except Unavailable as trouble:
            doubts[file.path] = f"{file.path}: {trouble.reason}"
    return HadolintRuns(linted, doubts)


def _config(context: Context) -> str | None:
    project = context.configuration.project
    return next((name for name in _CONFIGS if context.files.exists(project / name)), None)


def _linted(context: Context, file: Dockerfile, config: str | None) -> Linted:
    shown = _remarks(context, file.source, config, pragmas=True)
    every = _remarks(context, file.source, config, pragmas=False)
    argv = _argv(context, config, pragmas=True)
    return Linted(file.path, shown, hadolint.kept_back(shown, every), argv)


def _argv(context: Context, config: str | None, *, pragmas: bool) -> tuple[str, ...]:
    place = str(context.configuration.project / config) if config else None
    return hadolint.command(place, pragmas=pragmas)


def _remarks(context: Context, source: bytes, config: str | None, *, pragmas: bool) -> tuple[Remark, ...]:
    """One answer, asked again only for another file, other settings or another hadolint."""
    argv = _argv(context, config, pragmas=pragmas)

    def ask() -> tuple[Remark, ...]:
        given = _asked(context, argv, source)
        if _settings(context, config) != settings:
            raise Unavailable(f"{config} was changed while hadolint read it")
        return given

    settings = _settings(context, config)
    if isinstance(settings, str):
        return ask()
    inputs = {"file": source, "settings": settings}
    return context.kept.once(tuple[Remark, ...], Question(hadolint.PROGRAM, argv[1:], inputs), ask)


def _settings(context: Context, config: str | None) -> bytes | str:
    """Words for what is no plain file."""
    if config is None:
        return b""
    return context.files.contents(context.configuration.project, (config,), _LIMIT_BYTES)[config]


def _asked(context: Context, argv: tuple[str, ...], source: bytes) -> tuple[Remark, ...]:
    """One run. It sees no settings of this user, and its words are not recorded: they may quote the file."""
    place = str(context.workspace)
    asked = Command(
        argv,
        cwd=context.workspace,
        env={"HOME": place, "XDG_CONFIG_HOME": place},
        timeout_s=_TIMEOUT_S,
        stdin=source,
        confidential=True,
    )
    return hadolint.remarks(context.processes.run(asked))
