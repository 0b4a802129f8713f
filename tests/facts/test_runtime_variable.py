import pytest

from hotelctl.facts.runtime_variable import danger


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("LD_PRELOAD", "x.so", True),
        ("LD_PRELOAD", "", False),
        ("PYTHONINSPECT", "0", False),
        ("PYTHONHTTPSVERIFY", " 0 ", True),
        ("PYTHONHTTPSVERIFY", "1", False),
        ("NODE_OPTIONS", "--require ./x.js", True),
        ("NODE_OPTIONS", "-r ./x.js", True),
        ("NODE_OPTIONS", "--dns-result-order=ipv4first", False),
        ("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket", True),
        ("GODEBUG", "http2client=0", False),
        ("FLASK_DEBUG", "false", False),
        ("LD_LIBRARY_PATH", "/opt/lib", False),
    ],
)
def test_harm_depends_on_name_and_value(key: str, value: str, found: bool) -> None:  # noqa: FBT001 - the expected answer
    assert (danger(key, value) is not None) is found
