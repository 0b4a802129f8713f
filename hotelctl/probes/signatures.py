"""Signatures held against the allowed signers of a project, by ssh-keygen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command, Completed, Files, Processes
from hotelctl.facts.signoff import JudgedSignoff, Signoff, key_of, problem_of, verifying


@dataclass(frozen=True, slots=True)
class Signatures:
    """`signers` is the allowed-signers file below `project`; `workspace` is for what ssh-keygen reads."""

    processes: Processes
    files: Files
    project: Path
    signers: str
    workspace: Path

    def judged(self, signoff: Signoff, authors: Sequence[str]) -> JudgedSignoff:
        """Whether its signature is good, and apart from `authors`: names and addresses of one person.

        Raises:
            Unavailable: no ssh-keygen, or no allowed-signers file.

        """
        self._require_signers()
        try:
            ended = self._verified(signoff, signoff.name)
        except ValueError as error:
            return JudgedSignoff(signoff, f"its time cannot be read: {error}")
        problem = problem_of(signoff.name, self.signers, self._code(ended), ended.stderr)
        by_author = not problem and self._is_of(signoff, authors)
        return JudgedSignoff(signoff, problem, key_of(ended.stdout), by_author)

    def _require_signers(self) -> None:
        """What stands in it is evidence."""
        try:
            self.files.read(self.project / self.signers)
        except FileNotFoundError as error:
            raise Unavailable(f"{self.signers} is not there: it names whose key may sign") from error
        except OSError as error:
            raise Unavailable(f"{self.signers} cannot be read: {error.strerror}") from error

    def _is_of(self, signoff: Signoff, authors: Sequence[str]) -> bool:
        """By name, or because the key may sign for the author, too."""
        if signoff.name.casefold() in {one.casefold() for one in authors}:
            return True
        return any(self._code(self._verified(signoff, one)) == 0 for one in authors)

    def _verified(self, signoff: Signoff, principal: str) -> Completed:
        signature = self.workspace / "signature"
        self.files.write_durable(signature, signoff.signature.encode())
        argv = verifying(self.signers, principal, str(signature), signoff.signed_at.astimezone(UTC))
        return self.processes.run(Command(argv, self.project, stdin=signoff.payload))

    @staticmethod
    def _code(ended: Completed) -> int:
        if ended.exit_code is None:
            raise Unavailable(f"ssh-keygen did not answer: {ended.tail(1)}")
        return ended.exit_code
