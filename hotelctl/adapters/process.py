"""Outside programs that end: argument lists, a clean environment, a limit, and no orphans."""

import io
import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from hotelctl.adapters.capture import Capture
from hotelctl.adapters.guarded import GRACE_S, Guarded, Plumbing
from hotelctl.adapters.tool import find, identify, identify_meanwhile, search_path
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Clock, Command, Completed, EvidenceLog

# What a program may know of the environment that hotelctl was started in. Everything else, all secrets
# of the service among it, reaches a program only when its command names it.
_ALLOWED = {
    "PATH",
    "HOME",
    "TMPDIR",
    "TZ",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
}
# How this machine's owner wants packages to be installed: index, cache, certificates, offline.
_ALLOWED_PREFIXES = ("PIP_", "UV_")
_LOCALE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
_DRAIN_S = 1.0
_PART = 1 << 16


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The allow-listed part of `environ`, with the locale that output is parsed in."""
    kept = {k: v for k, v in environ.items() if k in _ALLOWED or k.startswith(_ALLOWED_PREFIXES)}
    return {"PATH": os.defpath, **kept, **_LOCALE}


class LocalProcesses:
    """Runs programs on this machine; `environ` is what hotelctl itself was started with.

    Without `low_priority` those beside what serves run like all others.
    """

    def __init__(
        self,
        evidence: EvidenceLog,
        clock: Clock,
        environ: Mapping[str, str],
        *,
        low_priority: bool = True,
    ) -> None:
        """Keep the ports."""
        self._low_priority = low_priority
        self._evidence = evidence
        self._clock = clock
        self._environ = clean_environment(environ)

    def run(self, command: Command) -> Completed:
        """Run to the end or the limit; at the limit, or an interruption, its whole tree is ended.

        Raises:
            Unavailable: there is no such program, or the kernel cannot start it with these variables.

        """
        path, env = self._found(command)
        started = self._now()
        with self._guarded(command, env) as guarded:
            return self._ended(command, guarded, path, (started, started))

    @contextmanager
    def begun(self, command: Command) -> Iterator["LocalBegun"]:
        """Inside, the program runs and waits for its stdin; what it says meanwhile is heard at its end.

        Raises:
            Unavailable: as `run` does.

        """
        path, env = self._found(command)
        waits = replace(command, stdin=b"")
        started = self._now()
        with self._guarded(waits, env) as guarded:
            yield LocalBegun(
                lambda told: self._ended(told, guarded, path, (started, self._now())), waits, guarded
            )

    @contextmanager
    def _guarded(self, command: Command, env: Mapping[str, str]) -> Iterator[Guarded]:
        """The started program; nothing of it is left after the block, however it is left."""
        streams = Plumbing(
            stdin=None if command.stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        beside = command.beside and self._low_priority
        guarded = Guarded(command.argv, env, command.cwd, streams, beside=beside)
        try:
            yield guarded
        finally:
            guarded.end()
            for stream in (guarded.process.stdin, guarded.process.stdout, guarded.process.stderr):
                if stream is not None:
                    stream.close()

    def _now(self) -> "_Moment":
        return _Moment(self._clock.now(), self._clock.monotonic())

    def _ended(
        self, command: Command, guarded: Guarded, path: Path, moments: tuple["_Moment", "_Moment"]
    ) -> Completed:
        """How it ended, which was started at the first moment and told what it waited for at the second."""
        identify_meanwhile(path)
        talk = _Talk(command, self._clock)
        talk.until_the_end(guarded)
        guarded.end()
        if guarded.refused is not None:
            raise Unavailable(f"{command.argv[0]} cannot be started: {os.strerror(guarded.refused).lower()}")
        return self._completed(command, talk, guarded, path, moments)

    def _found(self, command: Command) -> tuple[Path, dict[str, str]]:
        """Where the program lies, and its whole environment."""
        env = {**self._environ, **command.env}
        env["PATH"] = search_path(command.argv[0], env)
        if command.cwd is not None and not command.cwd.is_dir():
            raise Unavailable(f"{command.argv[0]} cannot run in {command.cwd}: there is no such directory")
        path = find(command.argv[0], env, command.cwd)
        if path is None:
            raise Unavailable(f"{command.argv[0]} is not installed, or may not be executed")
        if torn := sorted(name for name, value in env.items() if "\0" in f"{name}{value}"):
            raise Unavailable(f"{command.argv[0]} cannot be started: {torn[0]} holds a NUL byte")
        return path, env

    def _completed(
        self,
        command: Command,
        talk: "_Talk",
        guarded: Guarded,
        path: Path,
        moments: tuple["_Moment", "_Moment"],
    ) -> Completed:
        started, told = moments
        duration_s = self._clock.monotonic() - told.monotonic
        waited = {} if told is started else {"waited_ms": round((told.monotonic - started.monotonic) * 1000)}
        code = None if talk.timed_out else guarded.exit_code
        stdout, stderr = talk.out.text(), talk.err.text()
        truncated = talk.out.truncated or talk.err.truncated
        data = {
            "argv": command.argv,
            "cwd": str(command.cwd) if command.cwd else None,
            "env": sorted(command.env),
            "tool": asdict(identify(path)),
            "started_at": started.at.isoformat(),
            "duration_ms": round(duration_s * 1000),
            **waited,
            "timed_out": talk.timed_out,
            "truncated": truncated,
            "confidential": command.confidential,
            **_end(code),
        }
        output = None if command.confidential else _sections(stdout, stderr)
        evidence = self._evidence.record("process", data, output)
        return Completed(command.argv, code, stdout, stderr, talk.timed_out, duration_s, evidence, truncated)


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    monotonic: float


@dataclass(frozen=True, slots=True)
class LocalBegun:
    """A program of this machine that waits for its stdin."""

    _end: Callable[[Command], Completed]
    _command: Command
    _guarded: Guarded

    def over(self) -> bool:
        """Whether it has ended without waiting for it."""
        return self._guarded.over(0.0)

    def end(self, stdin: bytes, timeout_s: float) -> Completed:
        """It was given `stdin` and ran to its end, or to the limit, which counts from now."""
        return self._end(replace(self._command, stdin=stdin, timeout_s=timeout_s))


@dataclass(slots=True)
class _Talk:
    """Moves bytes between hotelctl and one program until it has ended."""

    command: Command
    clock: Clock
    timed_out: bool = False
    out: Capture = field(init=False)
    err: Capture = field(init=False)
    _rest: memoryview = field(init=False)
    _end_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Start with empty hands."""
        self.out = Capture(self.command.output_limit_bytes)
        self.err = Capture(self.command.output_limit_bytes)
        self._rest = memoryview(self.command.stdin or b"")
        self._end_at = self.clock.monotonic() + self.command.timeout_s

    def until_the_end(self, guarded: Guarded) -> None:
        """Return when the program ended and was heard out, or nothing more can be waited for."""
        with selectors.DefaultSelector() as selector:
            self._watch(selector, guarded)
            over = False
            while selector.get_map():
                left = self._end_at - self.clock.monotonic()
                if left <= 0:
                    # Ended, and a daemon that it left holds its output open; or not even killing helped.
                    if over or self.timed_out:
                        return
                    self._stop(guarded)
                    continue
                for key, _ in selector.select(left):
                    if key.data is guarded:
                        if guarded.listen():
                            selector.unregister(key.fileobj)
                            over = True
                            self._end_at = self.clock.monotonic() + _DRAIN_S
                    else:
                        self._move(selector, key)

    def _watch(self, selector: selectors.BaseSelector, guarded: Guarded) -> None:
        selector.register(guarded.status, selectors.EVENT_READ, guarded)
        for stream, capture in ((guarded.process.stdout, self.out), (guarded.process.stderr, self.err)):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ, capture)
        if guarded.process.stdin is not None:
            os.set_blocking(guarded.process.stdin.fileno(), False)
            selector.register(guarded.process.stdin, selectors.EVENT_WRITE, None)

    def _stop(self, guarded: Guarded) -> None:
        self.timed_out = True
        self._end_at = self.clock.monotonic() + GRACE_S + _DRAIN_S
        guarded.ask()

    def _move(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if isinstance(key.data, Capture):
            part = os.read(key.fd, _PART)
            key.data.add(part)
            if self.command.heard is not None:
                self.command.heard(part)
            done = not part
        else:
            done = self._feed(key.fd)
        if done:
            selector.unregister(key.fileobj)
            if isinstance(key.fileobj, io.IOBase):
                key.fileobj.close()

    def _feed(self, descriptor: int) -> bool:
        """Write some of stdin; True when all is written or nobody reads."""
        try:
            self._rest = self._rest[os.write(descriptor, self._rest[:_PART]) :]
        except BrokenPipeError:
            return True
        return not self._rest


def _end(code: int | None) -> dict[str, object]:
    if code is not None and code < 0:
        named = -code in {known.value for known in signal.Signals}
        return {"exit_code": None, "signal": signal.Signals(-code).name if named else f"SIG{-code}"}
    return {"exit_code": code, "signal": None}


def _sections(stdout: str, stderr: str) -> str:
    parts = (("stdout", stdout), ("stderr", stderr))
    return "".join(f"--- {name} ---\n{text.rstrip()}\n" for name, text in parts if text.strip())
