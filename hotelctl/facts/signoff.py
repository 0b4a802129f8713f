"""Who answers for a report: a sign-off, what of it is signed, and how its signature is verified.

Source: PROTOCOL.sshsig of OpenSSH, and ALLOWED SIGNERS of ssh-keygen(1).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hotelctl.core.report import Verdict
from hotelctl.core.seal import canonical

NAMESPACE = "hotelctl-report"
"""What the signature says that it is for: one for a commit or a file is none for a report."""
NAME = r"^[A-Za-z0-9][\w.%+@-]*$"
"""A principal of the allowed-signers file that stands for one person: no list, no pattern."""
ROLE = r"^[a-z][a-z0-9-]*$"
_UNSIGNED: Mapping[str, str] = {
    Verdict.BLOCKED: "says that the release is blocked",
    Verdict.UNVERIFIED: "says that a required check could not judge",
    Verdict.INTERRUPTED: "says that it was interrupted",
}
_GOOD = f'Good "{NAMESPACE}" signature for '
_CLEAR = {
    "incorrect signature": "its signature is not for what it says: it was changed, or is of something else",
    "namespace does not match": "its signature is not one for a report",
    "key has expired": "its key had expired by then",
    "key is not yet valid": "its key was not valid yet",
    "missing header": "its signature is none that ssh-keygen reads",
    "incomplete message": "its signature is none that ssh-keygen reads",
}


def why_unsigned(verdict: str) -> str:
    """Why nobody can answer for a report of this verdict; empty when somebody can."""
    return _UNSIGNED.get(verdict, "")


@dataclass(frozen=True, slots=True)
class Signoff:
    """As the report holds it: `at` is a UTC time, `digest` that of the report, `signature` armoured."""

    name: str
    role: str
    at: str
    digest: str
    signature: str

    @property
    def payload(self) -> bytes:
        """What is signed: everything but the signature, in the canonical form that the digest has, too."""
        rest = {key: value for key, value in asdict(self).items() if key != "signature"}
        # `digest` is what a canonical form leaves out at its top.
        return canonical({"signoff": rest}) + b"\n"

    @property
    def signed_at(self) -> datetime:
        """Raises `ValueError` when it is no time, or one without a zone."""
        moment = datetime.fromisoformat(self.at)
        if moment.tzinfo is None:
            raise ValueError(f"{self.at} names no time zone")
        return moment


@dataclass(frozen=True, slots=True)
class JudgedSignoff:
    """`problem` is empty for a good signature of an allowed signer, then `key` is its key's fingerprint.

    `by_author` says that the name or the key is of who wrote the commit.
    """

    signoff: Signoff
    problem: str
    key: str = ""
    by_author: bool = False


@dataclass(frozen=True, slots=True)
class Signoffs:
    """The sign-offs of the report that a deploy stands on, and what is asked of them.

    `missing` says why there is no report that could be signed off, else it is empty and `finished_at` is
    when the report was finished; `digest` is what its contents give.
    """

    place: str
    missing: str
    digest: str
    finished_at: datetime
    found: tuple[JudgedSignoff, ...]
    needed: int
    roles: tuple[str, ...]
    now: datetime


def signoffs_of(raw: Mapping[str, Any]) -> tuple[Signoff, ...]:
    """Those of a `report.json`. Raises `ValueError` when they have another shape."""
    try:
        found = tuple(Signoff(**one) for one in raw["signoffs"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"its sign-offs cannot be read: {error!r}") from error
    if not all(isinstance(value, str) for one in found for value in asdict(one).values()):
        raise ValueError("its sign-offs cannot be read: one holds what is no text")
    return found


def verifying(signers: str, principal: str, signature: str, at: datetime) -> tuple[str, ...]:
    """The command that reads the payload on its standard input; the key must have been valid `at`."""
    moment = f"verify-time={at:%Y%m%d%H%M%S}Z"
    return (
        *("ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", signers, "-I", principal),
        *("-s", signature, "-O", moment),
    )


def problem_of(name: str, signers: str, exit_code: int, stderr: str) -> str:
    """What the end of `verifying` means; empty for a good signature."""
    if exit_code == 0:
        return ""
    for words, clear in _CLEAR.items():
        if words in stderr:
            return clear
    return f"{signers} does not allow its key to sign for {name}"


def key_of(stdout: str) -> str:
    """The fingerprint of the key that made a good signature, as ssh-keygen prints it at the end."""
    return stdout.strip().rpartition(" ")[2] if stdout.startswith(_GOOD) else ""
