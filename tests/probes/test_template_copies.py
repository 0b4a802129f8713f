import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.template_copies import TemplateCopies
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.declared_secrets import declared_secrets, live_secrets
from hotelctl.probes.template_copies import template_copies
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.LOGIN]\ndocs = "x"\nsecret = true\n'


def _found(files: dict[str, bytes], env: str, **said: str) -> TemplateCopies:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", env)
    context = world.context()
    live = live_secrets(context, declared_secrets(context))
    return template_copies(context, TreeFiles(files, frozenset(), said), live)


def test_only_templates_are_searched_for_what_is_live_here() -> None:
    files = {".env.example": b"LOGIN=hunter2\n", "notes.md": b"LOGIN=hunter2\n"}
    found = _found(files, "LOGIN=hunter2\n")
    assert (found.templates, found.values) == ((".env.example",), 1)
    assert [(one.path, one.line, one.names) for one in found.copies] == [
        (".env.example", 1, ("LOGIN of .env.local",))
    ]


def test_a_placeholder_is_left_to_the_rule_about_placeholders() -> None:
    with pytest.raises(NotApplicable, match="nothing is set"):
        _found({".env.example": b"LOGIN=CHANGE_ME\n"}, "LOGIN=CHANGE_ME\n")


def test_no_template_is_no_question_and_one_that_was_not_read_is_a_doubt() -> None:
    with pytest.raises(NotApplicable, match="no template is here"):
        _found({"notes.md": b""}, "LOGIN=hunter2\n", **{"big.bin": "is above 50 MB"})
    found = _found({}, "LOGIN=hunter2\n", **{"big.example": "is above 50 MB"})
    assert found.doubts == {"big.example": "is above 50 MB"}
