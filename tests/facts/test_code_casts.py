"""What calls of libraries say of the values that they take."""

import pytest

from hotelctl.facts.code_python import scan_python
from hotelctl.facts.code_reads import ValueShape

_HEAD = """
import decouple, json
from decouple import config, Choices, Csv
from environs import Env
env = Env()
"""


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        ("config('A', cast=int)", ValueShape("int")),
        ("decouple.config('A', cast=bool)", ValueShape("bool")),
        ("config('A', default=1, cast=float)", ValueShape("float")),
        ("config('A', cast=Csv())", ValueShape("list")),
        ("config('A', cast=decouple.Csv(int))", ValueShape("list")),
        ("config('A', cast=Csv(delimiter=';'))", None),
        ("config('A', cast=Choices(['x', 'y']))", ValueShape(choices=("x", "y"))),
        ("config('A', cast=Choices(WORDS))", None),
        ("config('A', cast=json.loads)", ValueShape("json")),
        ("config('A', cast=list)", None),
        ("config('A', cast=lambda text: text.split())", None),
        ("config('A', cast=mine)", None),
        ("config('A')", None),
        ("env.int('A')", ValueShape("int")),
        ("env.url('A', None)", ValueShape("url")),
        ("env.str('A')", None),
        ("env.dj_db_url('A')", None),
    ],
)
def test_the_shape_is_that_of_the_contract(call: str, shape: ValueShape | None) -> None:
    (read,) = scan_python("a.py", f"{_HEAD}{call}\n").reads
    assert (read.names, read.shape) == (("A",), shape)
