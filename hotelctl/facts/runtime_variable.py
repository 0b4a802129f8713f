"""Variables that a language's runtime or the loader obeys before the service's own code runs.

Source: ld.so(8), the Python, Node.js, Ruby, Perl, Java and Go manuals on environment variables.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_LOADS = "loads foreign code into the process"
_OPENS = "opens a debugger or loads foreign code"
_ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "LD_PRELOAD": _LOADS,
        "LD_AUDIT": _LOADS,
        "DYLD_INSERT_LIBRARIES": _LOADS,
        "PYTHONSTARTUP": _LOADS,
        "PYTHONINSPECT": "leaves an interpreter open when the program ends",
        "PYTHONBREAKPOINT": "names what a forgotten breakpoint runs",
        "PERL5OPT": _LOADS,
        "RUBYOPT": _LOADS,
        "BASH_ENV": "is a script that every bash runs first",
        "SSLKEYLOGFILE": "writes the keys of all encrypted connections into a file",
        "WERKZEUG_DEBUG_PIN": "sets the PIN of a debugger that runs code from the browser",
    }
)
# Harmless with any other value.
_WITH: tuple[tuple[str, str, str], ...] = (
    ("PYTHONHTTPSVERIFY", r"0", "turns the check of certificates off"),
    ("NODE_TLS_REJECT_UNAUTHORIZED", r"0", "turns the check of certificates off"),
    ("GIT_SSL_NO_VERIFY", r"(?i)1|true|yes|on", "turns the check of certificates off"),
    (
        "NODE_OPTIONS",
        r".*--(inspect|require|import|loader|insecure-http-parser)\b.*",
        _OPENS,
    ),
    ("NODE_OPTIONS", r"(.*\s)?-r\s.*", _LOADS),
    ("JAVA_TOOL_OPTIONS", r".*-(agentlib|agentpath|javaagent).*", _OPENS),
    ("GODEBUG", r".*(x509ignoreCN=0|tlsrsakex=1|tls10server=1).*", "brings weak encryption back"),
    ("PYTHONWARNINGS", r"ignore", "hides every warning of the runtime"),
    ("FLASK_DEBUG", r"(?i)1|true|yes|on", "runs code from the browser when a page fails"),
)


def danger(key: str, value: str) -> str | None:
    """What it does, without the value; None for every other variable."""
    if key in _ALWAYS:
        return _ALWAYS[key] if value.strip() not in {"", "0"} else None
    return next((why for name, bad, why in _WITH if name == key and re.fullmatch(bad, value.strip())), None)
