"""The one gate for every fatal error: a line for people, a hint, an exit code; never a traceback."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import typer

from hotelctl.cli import _asked_to_end
from hotelctl.cli._output import opened, refusal, to_nowhere
from hotelctl.core.errors import ExitCode, HotelctlError

_WIDEST = 300
_PIPE_CLOSED = 141  # what a shell reports for a program that ended by SIGPIPE
_hidden: list[Callable[[str], str]] = []


class Command(Protocol):
    """What the gate needs of a parsed command line."""

    def make_context(self, info_name: str | None, args: list[str]) -> Any:  # noqa: ANN401 - Typer's own context
        """The context in which the arguments are parsed."""
        ...

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own context, and what a command returns
        """Run it."""
        ...


def hide_with(redact: Callable[[str], str]) -> None:
    """From now on no message and no log of this process shows what `redact` hides."""
    _hidden.append(redact)


def guarded(command: Command, arguments: Sequence[str]) -> int:
    """The exit code of `command`, whatever happens in it."""
    sys.stdout, sys.stderr = opened(sys.stdout), opened(sys.stderr)
    try:
        code = _run(command, arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return _reader_left()
    match refusal(sys.stdout):
        case None:
            return code
        case BrokenPipeError():
            return code or _PIPE_CLOSED
        case why:
            return _answer_lost(code, why)


def _run(command: Command, arguments: Sequence[str]) -> int:
    try:
        with command.make_context("hotelctl", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Exception as error:  # noqa: BLE001 - the last gate: whatever it is becomes a log file and 70
        return _interrupted() if _asked_to_end.asked() else _failed(error)
    return ExitCode.READY


def _interrupted() -> int:
    _say(_asked_to_end.WORDS)
    return _asked_to_end.exit_code()


def _failed(error: Exception) -> int:
    if not _hidden:
        from hotelctl.cli._unparsed import hiding

        hide_with(hiding())
    match error:
        case typer.TyperException():
            return _usage(error)
        case HotelctlError():
            return _refused(error)
        case OSError():
            return _disk_refused(error)
    return _bug(error)


def _usage(error: typer.TyperException) -> int:
    """Typer's own words for a wrong command line; where they are the whole help, as they are."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if "\n" in message:
        sys.stderr.write(f"{message}\n")
        return ExitCode.USAGE
    _say(message)
    _say(f"{context.command_path if context else 'hotelctl'} --help", "hint")
    return ExitCode.USAGE


def _refused(error: HotelctlError) -> int:
    _say(error.message)
    if error.hint:
        _say(error.hint, "hint")
    return error.exit_code


def _disk_refused(error: OSError) -> int:
    """A full disk or a missing right is no bug, wherever it is met."""
    from hotelctl.adapters.disk import writing

    try:
        with writing(Path(str(error.filename or "."))):
            raise error
    except HotelctlError as refusal:
        return _refused(refusal)
    except OSError:
        return _bug(error)


def _bug(error: Exception) -> int:
    from hotelctl.cli._bug import kept

    place = kept(error, _shown)
    first = f"{type(error).__name__}: {error}".splitlines()[0]
    _say(f"this is a bug in hotelctl: {first[:_WIDEST]}")
    _say(f"{place} says where; what a deploy had done stays in its journal", "log")
    return ExitCode.BUG


def _say(text: str, prefix: str = "hotelctl") -> None:
    from hotelctl.render.words import one_line

    sys.stderr.write(f"{prefix}: {one_line(_shown(text))}\n")


def _shown(text: str) -> str:
    from hotelctl.cli._places import project
    from hotelctl.core.redact import by_shape
    from hotelctl.render.words import below

    for redact in (*_hidden, by_shape):
        text = redact(text)
    with suppress(HotelctlError):
        text = below(project(), text)
    return text


def _answer_lost(code: int, why: OSError) -> int:
    """What the command came to still counts; that it went well is not said by an answer that nobody got."""
    _say(f"standard output takes no more: {str(why.strerror).lower()}")
    _say("what was done is recorded: hotelctl status and hotelctl report show tell it again", "hint")
    return code or ExitCode.USAGE


def _reader_left() -> int:
    to_nowhere(sys.stdout)
    to_nowhere(sys.stderr)
    return _PIPE_CLOSED
