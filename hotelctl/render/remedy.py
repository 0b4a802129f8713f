"""What to do where a check could not judge: a command or a setting, for the reason that it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SAYS_HOW = re.compile(
    r"hotelctl init|: .+ leaves (?:it|another one)$|install hotelctl|"
    r"git (?:fetch|lfs (?:fetch|pull)|remote set-head)"
)
_LACKS = re.compile(r"(?P<file>\S+\.toml): has no (?P<part>\[[^\]]+\](?: \w+)?)")
_BUILT = re.compile(r"the build (?:failed|did not end)|does not install|could not be installed|no artifact")
_ANSWERS = (
    (
        re.compile(r"does not run in a sandbox"),
        "{asks} --jobs 1 --verbose, with nothing else beside it, shows what it said at its start",
    ),
    (re.compile(r"because of --offline"), "{asks}, without --offline"),
    (re.compile(r"the time limit was used up"), "{asks}, without --timeout"),
    (
        re.compile(r"is not installed|may not be executed|is not here|no pg_dump|there is no PostgreSQL"),
        "hotelctl doctor says how to get it; then {asks}",
    ),
    (
        re.compile(r"no network|look nothing up|looked up|no answer|cannot be reached|[Cc]onnection"),
        "reach that host from here, by HTTPS_PROXY where one is needed; then {asks}",
    ),
    (
        re.compile(r"killed at|did not end|in time\b"),
        "{asks} --jobs 1, with nothing else beside it",
    ),
    (
        re.compile(r"migrations (?:do not run|fail|stop)|run stopped|in a sandbox: "),
        "{command} --only DB006 --verbose: mend what it shows; then {asks}",
    ),
)
_ELSE = "{asks} --verbose shows what was tried; hotelctl explain {rule}"
_OF_A_BUILD = ("BLD003", "BLD006")
_LOCAL, _VALIDATE = "local", "validate"


@dataclass(frozen=True, slots=True)
class Asked:
    """The command that a report is of: its kind, and the environment that it was given."""

    kind: str
    environment: str

    def command(self) -> str:
        """Without the rules that it may be narrowed to."""
        word = "verify" if self.kind == "verify" else _VALIDATE
        return f"hotelctl {word}" + ("" if self.environment == _LOCAL else f" --env {self.environment}")

    def only(self, rules: Sequence[str]) -> str:
        """What asks these rules again: all of them where it cannot be narrowed."""
        return self.command() + ("" if self.kind == "verify" else f" --only {','.join(rules)}")


def remedy(rules: Sequence[str], reason: str, asked: Asked) -> str:
    """What mends it for these rules, which all give that reason; empty where the reason itself says how."""
    if _SAYS_HOW.search(reason):
        return ""
    if lack := _LACKS.match(reason):
        return f"set {lack['part']} in {lack['file']}; where there is no such thing, --skip leaves it out"
    words = {"asks": asked.only(rules), "command": asked.command(), "rule": rules[0]}
    if _BUILT.search(reason) and not set(rules) & set(_OF_A_BUILD):
        return f"{asked.only(_OF_A_BUILD)} --verbose: mend what it shows; then {words['asks']}"
    told = (answer for pattern, answer in _ANSWERS if pattern.search(reason))
    return next(told, _ELSE).format_map(words)
