import httpx
import pytest

from hotelctl.app.smoke.forms import form_of
from hotelctl.app.smoke.talk import Answer, Broken

_PAGE = """
<form method="post" action="/out"><input type="hidden" name="csrf" value="a"><button>Log out</button></form>
<form method="post" action="/tap?a=1&amp;b=2">
<input type="hidden" name="csrf" value="b"><input type="hidden" name="version" value="3">
<button name="status" value="open">Leave</button>
<button name="status" value="done">Done<span>: it</span></button>
</form><input name="elsewhere" value="x"><button name="status" value="outside">No</button>
"""


def _page(text: str) -> Answer:
    return Answer("GET /page", 200, httpx.Headers(), text)


def test_a_tap_sends_the_hidden_fields_and_its_own_button_alone() -> None:
    form = form_of(_page(_PAGE), "/tap?a=1&b=2")
    assert form.tapped("done") == {"csrf": "b", "version": "3", "status": "done"}


def test_what_stands_outside_of_a_form_is_no_part_of_it() -> None:
    with pytest.raises(Broken, match="the form for /tap\\?a=1&b=2 has no button 'outside'"):
        form_of(_page(_PAGE), "/tap?a=1&b=2").tapped("outside")


def test_a_form_that_is_not_there_is_told() -> None:
    with pytest.raises(Broken, match="GET /page: the page has no form for /none"):
        form_of(_page(_PAGE), "/none")
