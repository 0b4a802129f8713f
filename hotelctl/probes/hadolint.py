"""hadolint's remarks on every Dockerfile, with and without the comments that keep some back."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command
from hotelctl.facts import hadolint
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.hadolint import HadolintRuns, Linted, Remark
from hotelctl.probes.context import Context

_CONFIGS = (".hadolint.yaml", ".hadolint.yml")
_TIMEOUT_S = 30.0


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
    places = (context.configuration.project / name for name in _CONFIGS)
    return next((str(path) for path in places if context.files.exists(path)), None)


def _linted(context: Context, file: Dockerfile, config: str | None) -> Linted:
    argv = hadolint.command(config, pragmas=True)
    shown = _asked(context, argv, file.source)
    every = _asked(context, hadolint.command(config, pragmas=False), file.source)
    return Linted(file.path, shown, hadolint.kept_back(shown, every), argv)


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
