"""What an outside program says of one file, asked again only when the file or the program is another one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import Question
from hotelctl.core.ports import Completed
from hotelctl.probes.context import Context

Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)
_LIMIT_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Program(Generic[Answer_co]):
    """One that reads only the file that the last of its words names; `read` makes `shape` of its end.

    After `limit_s` seconds it is ended.
    """

    name: str
    shape: type[Answer_co]
    read: Callable[[Completed], Answer_co]
    limit_s: float = 60.0


def said_of_file(program: Program[Answer], words: tuple[str, ...], place: Path, context: Context) -> Answer:
    """What the program says that runs in `place`; of a link, or what is no file, it is asked every time.

    Raises:
        Unavailable: as the program's `read` does; or the file was changed while it was read.

    """

    def ask() -> Answer:
        return program.read(context.run_tool(program.name, *words, cwd=place, timeout_s=program.limit_s))

    def unchanged() -> Answer:
        given = ask()
        if _content(context, place, words[-1]) != data:
            raise Unavailable(f"{words[-1]} was changed while {program.name} read it")
        return given

    data = _content(context, place, words[-1])
    if isinstance(data, str):
        return ask()
    # The directory of this command alone is another one each time.
    plain = tuple(word.replace(str(context.workspace), "") for word in words)
    return context.kept.once(program.shape, Question(program.name, plain, {words[-1]: data}), unchanged)


def _content(context: Context, place: Path, name: str) -> bytes | str:
    return context.files.contents(place, (name,), _LIMIT_BYTES)[name]
