"""SEC013: answers carry security headers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.checks.security.exchanges import headers_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked

_HALF_A_YEAR_S = 15_552_000
_MAX_AGE = re.compile(r"\bmax-age=\"?(\d+)")
_VERSION = re.compile(r"\d+\.\d+")
_TALKATIVE = ("server", "x-powered-by", "x-aspnet-version")


@dataclass(frozen=True, slots=True)
class _Fault:
    header: str
    words: str
    fix: str
    severity: Severity | None = None


@check(
    "SEC013",
    "Answers carry security headers",
    severity=Severity.HIGH,
    rationale=(
        "Without them a browser guesses types, runs scripts from anywhere, lets other sites frame the page "
        "and goes back to plain http."
    ),
    remediation=(
        "Set the headers in one place for every answer, errors included; the service file names the pages "
        "that are looked at in [security] pages."
    ),
    references=("https://owasp.org/www-project-secure-headers/",),
    stage=Stage.RUNNING,
)
def answers_carry_security_headers(live: LiveAnswers) -> Iterator[Finding]:
    """A finding for every header that is absent or says too little, at the first answer that shows it."""
    told = set()
    for asked in live.pages:
        for fault in _faults(asked, https=live.https):
            if (fault.header, fault.words) in told:
                continue
            told.add((fault.header, fault.words))
            yield Finding(
                subject=fault.header,
                message=f"{asked.request} {fault.words}",
                evidence=(headers_of(asked, (fault.header, "content-type")),),
                fix=fault.fix,
                severity=fault.severity,
            )


def _faults(asked: Asked, *, https: bool) -> Iterator[_Fault]:
    said = asked.reply.headers
    if said.get("x-content-type-options", "").lower() != "nosniff":
        fix = "X-Content-Type-Options: nosniff"
        yield _Fault("x-content-type-options", "lets browsers guess the type of its answer", fix)
    if https:
        yield from _transport(said)
    if "html" in said.get("content-type", ""):
        yield from _page(said)
    for name in _TALKATIVE:
        if _VERSION.search(said.get(name, "")):
            yield _Fault(name, f"tells its version in {name}", f"remove the header {name}", Severity.LOW)


def _transport(said: Mapping[str, str]) -> Iterator[_Fault]:
    fix = "Strict-Transport-Security: max-age=31536000"
    found = _MAX_AGE.search(said.get("strict-transport-security", ""))
    if found is None:
        yield _Fault("strict-transport-security", "does not hold browsers to https", fix)
    elif int(found[1]) < _HALF_A_YEAR_S:
        yield _Fault("strict-transport-security", f"holds browsers to https for {found[1]} s only", fix)


def _page(said: Mapping[str, str]) -> Iterator[_Fault]:
    policy = _directives(said.get("content-security-policy", ""))
    scripts = policy.get("script-src", policy.get("default-src"))
    if scripts is None:
        fix = "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'"
        yield _Fault("content-security-policy", "may run scripts from anywhere", fix)
    else:
        yield from _loose(scripts)
    framed = policy.get("frame-ancestors")
    if said.get("x-frame-options", "").upper() not in {"DENY", "SAMEORIGIN"} and (
        framed is None or "*" in framed
    ):
        fix = "Content-Security-Policy: frame-ancestors 'none'"
        yield _Fault("x-frame-options", "may be framed by any site", fix)
    if said.get("referrer-policy", "unsafe-url") == "unsafe-url":
        fix = "Referrer-Policy: same-origin"
        yield _Fault("referrer-policy", "tells its whole address to other sites", fix, Severity.MEDIUM)


def _directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.lower().split(";"))
    return {words[0]: words[1:] for words in parts if words}


def _loose(scripts: list[str]) -> Iterator[_Fault]:
    # With a nonce or a hash browsers pay no heed to 'unsafe-inline' (CSP level 2).
    bound = any(word.startswith(("'nonce-", "'sha")) for word in scripts)
    open_words = {"*", "http:", "https:", "data:", "'unsafe-eval'"} | (
        set() if bound else {"'unsafe-inline'"}
    )
    for word in sorted(open_words & set(scripts)):
        fix = f"take {word} out of script-src; give inline scripts a nonce"
        yield _Fault("content-security-policy", f"allows scripts by {word}", fix)
