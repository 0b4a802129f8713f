"""A waiver: somebody answers, until a day, for a finding that would otherwise count."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from hotelctl.core.finding import Finding

Scope = Literal["path", "key", "fingerprint", "sha256"]
LONGEST = timedelta(days=90)
NEVER_WAIVED = frozenset({"SEC009", "SEC023"})
"""Rules about the waivers themselves: whoever could waive them could waive anything for ever."""
WHOLE_SEARCH = "SEC008"
"""The rule in whose name somebody answers for an archive, by its sha256, that no program can open."""
SEARCHES = frozenset({"SEC001", "SEC002", "SEC003", "SEC005", WHOLE_SEARCH})
"""Rules that would have looked into it."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry of a waiver file; `place` is its `path:line`.

    The scope is one of a finding's path, its subject (a key) or its fingerprint, and `target` the value; or
    it is the sha256 of an archive that nobody can open.
    What is waived as a secret was `rotated` on a day, and `rotation` says where that can be seen; or
    `no_secret` says why it is none.
    """

    place: str
    rule: str
    scope: Scope
    target: str
    reason: str
    owner: str
    approved_by: str
    ticket: str
    created: date | None
    expires: date | None
    rotated: date | None = None
    rotation: str = ""
    no_secret: str = ""

    def refused(self, today: date) -> str:
        """Why it does not hold on `today`; empty when it does."""
        if self.created is None or self.expires is None:
            missing = " and ".join(name for name in ("created", "expires") if getattr(self, name) is None)
            return f"does not say {missing}, so nobody knows when it ends"
        if self.created > today:
            return f"says that it was created on {self.created}, which is not yet"
        if self.expires < today:
            return f"ended on {self.expires}"
        if self.expires - self.created > LONGEST:
            return f"runs for {(self.expires - self.created).days} days, at most {LONGEST.days} are allowed"
        return ""

    def covers(self, check_id: str, finding: Finding) -> bool:
        """Whether the finding of that check is the one that it speaks of, whatever the day."""
        if self.scope == "sha256":
            return check_id in SEARCHES and finding.subject == unopened(self.target)
        if check_id != self.rule:
            return False
        path = finding.location.path if finding.location else ""
        values = {"path": path, "key": finding.subject, "fingerprint": finding.fingerprint(check_id)}
        return values[self.scope] == self.target

    def unproven(self, today: date) -> str:
        """Of a waiver for a secret: why nobody knows that the value is worth nothing; empty if known."""
        if self.no_secret:
            both = self.rotated or self.rotation
            return "says both that it is no secret and how it was rotated" if both else ""
        if self.rotated is None or not self.rotation:
            missing = "rotated" if self.rotated is None else "rotation"
            return f"does not say {missing}, so the value may still let somebody in"
        return f"says that it was rotated on {self.rotated}, which is not yet" if self.rotated > today else ""

    def told(self) -> str:
        """Who answers for it, why and until when, in one sentence."""
        who = f"by {self.approved_by} for {self.owner} ({self.ticket})"
        proof = f"; no secret: {self.no_secret}" if self.no_secret else ""
        proof = f"; rotated on {self.rotated}: {self.rotation}" if self.rotated else proof
        return f"waived until {self.expires} {who}: {self.reason}{proof}"


def unopened(sha256: str) -> str:
    """The subject of findings about an archive that nobody could open."""
    return f"archive sha256 {sha256}"
