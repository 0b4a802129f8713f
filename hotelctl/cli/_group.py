"""How a list of commands is shown."""

from typing import Any

from typer.core import TyperGroup

_WHOLE = 1_000


class Commands(TyperGroup):
    """Each command with the whole of its first sentence: cut to one line it often loses its point."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own, not public
        """Write one entry a command, on as many lines as it takes."""
        rows = [
            (name, command.get_short_help_str(limit=_WHOLE))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
