"""Where a report goes: stdout in the chosen format, files in others."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from hotelctl.cli._options import Format
from hotelctl.cli._shelf import append, contents, store
from hotelctl.core.errors import UsageError
from hotelctl.render import console, terminal
from hotelctl.render.document import Document
from hotelctl.render.verify import HTML


@dataclass(frozen=True, slots=True)
class Presentation:
    """`files` are the further formats and where they go, `step_summary` the file that GitHub reads."""

    form: Format
    files: tuple[tuple[Format, Path], ...]
    detail: console.Detail
    no_color: bool
    step_summary: Path | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing is told while work goes on."""
        return self.detail is console.Detail.QUIET

    def show(self, made: Document, directory: Path) -> None:
        """Stdout carries the chosen format and nothing else; the files are written.

        The report's `directory` holds its evidence, which a page shows, too.
        """
        self.write(made, directory)
        if self.step_summary is not None:
            from hotelctl.render import github

            append(self.step_summary, github.summary(made).encode("utf-8", "backslashreplace"))
        out = terminal.stdout(no_color=self.no_color)
        if self.form is Format.CONSOLE:
            console.render(made, out, self.detail, kept=_page(directory))
        else:
            out.file.write(self._written(made, directory, self.form))

    def write(self, made: Document, directory: Path) -> None:
        """The files are written; stdout carries nothing."""
        for form, path in self.files:
            store(path, self._written(made, directory, form).encode("utf-8", "backslashreplace"))

    def _written(self, made: Document, directory: Path, form: Format) -> str:
        if form is Format.HTML:
            from hotelctl.render import html

            return html.render(made, contents(directory))
        if form is not Format.CONSOLE:
            return _text(form, made)
        out = StringIO()
        console.render(made, terminal.plain(out), self.detail)
        return out.getvalue()


def _page(directory: Path) -> str:
    """The page that is kept of a report, from where the command was given; empty where there is none."""
    page, here = directory / HTML, Path.cwd()
    if not page.exists():
        return ""
    return str(page.relative_to(here) if page.is_relative_to(here) else page)


def _text(form: Format, made: Document) -> str:
    """In a format that is one text; read only when it is asked for."""
    from hotelctl.render import ctrf, github, gitlab, json, junit, markdown, sarif

    writers = {
        Format.JSON: json.render,
        Format.MARKDOWN: markdown.render,
        Format.SARIF: sarif.render,
        Format.JUNIT: junit.render,
        Format.GITHUB: github.render,
        Format.GITLAB: gitlab.render,
        Format.CTRF: ctrf.render,
    }
    return writers[form](made)


def presentation(
    form: Format, output: Sequence[str] | None, *, verbose: bool, quiet: bool, no_color: bool
) -> Presentation:
    """What the shared options ask for.

    Raises:
        UsageError: an `--output` is not FMT=PATH, or quiet and verbose at once.

    """
    if verbose and quiet:
        raise UsageError("--verbose and --quiet contradict each other", "give one of them")
    chosen = console.Detail.VERBOSE if verbose else console.Detail.QUIET if quiet else console.Detail.NORMAL
    files = tuple(map(_file, output or ()))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    told = Format.GITHUB in (form, *(one for one, _ in files))
    return Presentation(form, files, chosen, no_color, Path(summary) if summary and told else None)


def _file(given: str) -> tuple[Format, Path]:
    word, _, path = given.partition("=")
    known = ", ".join(Format)
    if word not in set(Format) or not path:
        raise UsageError(f"--output {given!r} is not FMT=PATH", f"FMT is one of {known}")
    return Format(word), Path(path)
