"""The texts of all pages and mails: the same in each language, each of them used, and none missing."""

import re
import string
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from hotelctl.app.api import language, problem_shape
from hotelctl.app.api.knowledge import Lang
from hotelctl.app.api.talk import Status
from hotelctl.app.api.tickets_page import Which
from hotelctl.app.api.work_orders_page import WhichOrders
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.assistant.standing import View
from hotelctl.app.domain.permissions import KNOWN, USER_ROLES, Department
from hotelctl.app.domain.qr import WISHES, Purpose, State
from hotelctl.app.domain.retention import BOUNDS
from hotelctl.app.domain.texts import Texts, texts_in
from hotelctl.app.domain.tickets import Priority, TicketSource, TicketStatus, Visibility
from hotelctl.app.domain.work_orders import WorkOrderKind, WorkOrderStatus
from hotelctl.app.services import dashboards
from hotelctl.app.services.external.contact import State as Standing
from tests.house.literals import literals

_API = Path(language.__file__).parent
_OTHERS = [found for found in LANGUAGES if found != "en"]
_SOURCES = [
    *(*_API.glob("*.py"), *_API.glob("templates/*.j2")),
    *(_API.parent / "domain" / name for name in ("mails.py", "texts.py")),
    _API.parent / "services" / "ticket_talk.py",
]
_TEXT = "\n".join(path.read_text() for path in _SOURCES)
# Names of figures that look like those of texts.
_FIGURES = {"tickets.overdue", "tickets.unassigned"}
# A macro that writes attributes for tags.
_NO_TEXT = {'aria-invalid="true" aria-describedby="', '-said"', 'aria-describedby="'}


def _forms(texts: Texts) -> Iterable[tuple[str, list[str]]]:
    for section, found in texts.sections.items():
        for name, text in found.items():
            yield f"{section}.{name}", [text] if isinstance(text, str) else list(text.values())


def _shape(texts: Texts) -> dict[str, set[str]]:
    return {
        key: {field for form in forms for _, field, _, _ in string.Formatter().parse(form) if field}
        for key, forms in _forms(texts)
    }


@pytest.mark.parametrize("other", _OTHERS)
def test_each_language_says_the_same_with_the_same_values(other: str) -> None:
    assert _shape(texts_in(other)) == _shape(texts_in("en"))
    assert all(form.strip() for _, forms in _forms(texts_in(other)) for form in forms)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_each_language_has_the_same_files_and_no_section_twice(spoken: str) -> None:
    files = sorted((_API / "translations" / spoken).glob("*.toml"))
    assert [path.name for path in files] == [
        path.name for path in sorted((_API / "translations" / "en").glob("*.toml"))
    ]
    sections = [section for path in files for section in tomllib.loads(path.read_text())]
    assert sorted(sections) == sorted(set(sections))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_text_with_forms_has_the_two_that_there_are_and_counts(spoken: str) -> None:
    for section, found in texts_in(spoken).sections.items():
        for name, text in found.items():
            if not isinstance(text, str):
                assert set(text) == {"one", "other"}, (section, name)
                assert "{n}" in text["other"], (section, name)


@pytest.mark.parametrize("other", _OTHERS)
def test_what_is_translated_is_not_left_in_english(other: str) -> None:
    same = {
        key
        for (key, english), (_, own) in zip(_forms(texts_in("en")), _forms(texts_in(other)), strict=True)
        if english == own and len(re.sub(r"{\w+}", "", english[0]).split()) > 2
    }
    assert same == set()


def _built() -> set[str]:
    """Sections of which a value chooses the text."""
    found = re.findall(r'"(\w+)\." ~|f"(\w+)\.\{|choices\(\s*"(\w+)"', _TEXT)
    return {name for names in found for name in names if name}


def test_every_text_is_used_and_every_page_and_mail_finds_its_texts() -> None:
    sections = texts_in("en").sections
    named = {key for key in re.findall(r'"(\w+\.\w+)"', _TEXT) if key.split(".")[0] in sections}
    known = set(_shape(texts_in("en")))
    assert named - known - set(KNOWN) - _FIGURES == set()
    built = _built()
    assert {key for key in known - named if key.split(".")[0] not in built} == set()


_VALUES: dict[str, Iterable[object]] = {
    "actor": ("user", "guest", "assistant", "system"),
    "admitted": Purpose,
    "begin": dashboards._TO_DO,
    "department": Department,
    "doer": ("user", "guest", "assistant", "system"),
    "kept": BOUNDS,
    "kind": WorkOrderKind,
    "language": get_args(Lang),
    "made": ("done", "attached", "cancelled"),
    "none": Which,
    "priority": Priority,
    "problem": {code for codes in problem_shape._codes().values() for code in codes},
    "progress": {state.lower() for states in (TicketStatus, WorkOrderStatus) for state in states},
    "purpose": Purpose,
    "readiness": ("ready", "starting", "draining", "not_ready"),
    "reason": problem_shape._codes(),
    "role": USER_ROLES,
    "source": TicketSource,
    "speaker": ("guest", "staff", "assistant"),
    "standing": set(Standing) - {Standing.NOT_CONFIGURED},
    "standing_of_code": State,
    "state": ("active", "invited", "suspended"),
    "status": TicketStatus,
    "value": {
        *(True, False, "guest", "invite", "password_reset", *get_args(Status), *Visibility),
        *(*TicketStatus, *WorkOrderStatus, *Priority, *WorkOrderKind, *Department, *USER_ROLES, *Purpose),
        *View,
    },
    "stage": WorkOrderStatus,
    "no_orders": WhichOrders,
    "wish": WISHES,
    "which": Which,
    "which_orders": WhichOrders,
}


@pytest.mark.parametrize("section", _VALUES)
def test_each_value_that_a_page_may_show_has_a_word(section: str) -> None:
    assert set(texts_in("en").sections[section]) == {str(value) for value in _VALUES[section]}


def test_what_is_done_has_a_word_in_the_trail() -> None:
    app = _API.parent
    things = "assistant|conversation|guest|hotel|knowledge|note|qr|retention|settings|ticket|user|workorder"
    written = "\n".join(
        path.read_text() for place in ("services", "store") for path in (app / place).rglob("*.py")
    )
    written += (_API / "qr.py").read_text()
    done = set(re.findall(rf'"((?:{things})\.[a-z_]+)"', written)) - set(KNOWN) - {"qr.validate"}
    assert done <= set(texts_in("en").sections["deed"])
    assert len(done) > 20


def test_the_page_says_of_what_there_is_nothing_as_the_api_does() -> None:
    assert texts_in("en").sections["begin"] == dashboards._TO_DO


@pytest.mark.parametrize("template", sorted(_API.glob("templates/*.j2")), ids=lambda path: path.stem)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    assert set(literals(template.read_text())) - _NO_TEXT == set()


def test_the_script_of_the_camera_finds_the_words_that_it_tells() -> None:
    script, page = (
        (_API / "static" / "scan.js").read_text(),
        (_API / "templates" / "scan.html.j2").read_text(),
    )
    told = set(re.findall(r'tell\("(\w+)"|\? "(\w+)" : "(\w+)"', script))
    assert {name for names in told for name in names if name} == set(re.findall(r"data-(\w+)=", page))
    assert not re.search(r'"[A-Z][a-z]+ [^"]*"', script)
