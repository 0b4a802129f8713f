"""How somebody comes in with a code: a guest at once, a member of staff with the password as well.

A code is claimed in the transaction that opens the session: when that is refused, the use is not lost.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.domain.principal import SubjectKind
from hotelctl.app.domain.qr import Purpose
from hotelctl.app.logs import note_hotel
from hotelctl.app.services import challenges, tokens
from hotelctl.app.services.challenges import Challenge
from hotelctl.app.services.endings import counted
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.limiter import BUCKETS, spend
from hotelctl.app.services.passes import Device, Pass, open_guest
from hotelctl.app.services.password_check import PasswordCheck, Proved
from hotelctl.app.services.workflow_run import WorkflowRun
from hotelctl.app.store import limits, people, qr_tokens, runs, sessions
from hotelctl.app.store.engine import Database, enter_hotel
from hotelctl.app.store.qr_tokens import Peeked
from hotelctl.app.store.session_log import Method, note
from hotelctl.app.store.tables import QrToken, User

_BUCKET = "qr.validate"


@dataclass(frozen=True, slots=True)
class Shown:
    """An active code that somebody showed: a guest is admitted, staff is challenged for the password."""

    code: Peeked
    run: WorkflowRun
    admitted: Pass | None = None
    challenge: str | None = None


class QrEntry:
    """Lets people in; every cause of refusal is answered alike."""

    def __init__(self, db: Database, keyring: Keyring, check: PasswordCheck, claims: Counter) -> None:
        self._db = db
        self._keyring = keyring
        self._check = check
        self._claims = claims

    async def peek(self, token: str) -> Peeked | None:
        """The active code of this token; looking takes nothing from it."""
        async with self._db.transaction() as session:
            code = await qr_tokens.peek(session, tokens.hash_of(token))
        if code is not None:
            note_hotel(code.hotel_id)
        return code

    async def show(self, token: str, client_ip: str, device: Device, method: Method) -> Shown:
        """A guest is in; a member of staff has a challenge and the code is as before.

        Raises RateLimited, or Unauthenticated with one answer for every cause.
        """
        with counted(self._claims) as ending:
            code = await self._admit(token, client_ip)
            run = WorkflowRun(runs.QR_SCAN, code.id)
            if code.purpose.is_for_staff:
                ending.result = "challenged"
                return await self._challenge(code, run, client_ip)
            try:
                return await self._let_in(token, code, run, client_ip, device, method)
            except Unauthenticated:
                await self._note_refusal(code.hotel_id, code.id, run, method)
                raise

    async def _admit(self, token: str, client_ip: str) -> Peeked:
        await spend(self._db, _BUCKET, client_ip)
        code = await self.peek(token)
        if code is None:
            raise Unauthenticated
        return code

    async def _challenge(self, code: Peeked, run: WorkflowRun, client_ip: str) -> Shown:
        if code.user_id is None:
            raise Unauthenticated
        with run.step("challenge"):
            text = challenges.issue(self._keyring, Challenge(code.id, code.hotel_id, code.user_id))
        async with self._db.transaction(code.hotel_id) as session:
            await _forgive(session, client_ip)
            run.keep(session, "partial")
        return Shown(code, run, challenge=text)

    async def _let_in(
        self, token: str, code: Peeked, run: WorkflowRun, client_ip: str, device: Device, method: Method
    ) -> Shown:
        async with self._db.transaction() as session:
            with run.step("claim"):
                row = await self._claim(session, token)
            with run.step("session"):
                admitted = open_guest(
                    session,
                    hotel_id=row.hotel_id,
                    qr_token_id=row.id,
                    room_label=row.room_label,
                    stay_ends_at=row.stay_ends_at,
                    device=device,
                )
                await session.flush()
            note(
                session,
                "qr_scan",
                method=method,
                session_id=admitted.session.id,
                qr_token_id=row.id,
                role="guest",
                outcome="success",
            )
            await _forgive(session, client_ip)
            run.keep(session, "success")
        note_hotel(row.hotel_id, SubjectKind.GUEST)
        return Shown(code, run, admitted)

    async def _claim(self, session: AsyncSession, token: str) -> QrToken:
        claimed = await qr_tokens.claim(session, tokens.hash_of(token))
        if claimed is None:
            raise Unauthenticated
        code_id, hotel_id = claimed
        await enter_hotel(session, hotel_id)
        row = await session.get(QrToken, code_id)
        if row is None or await people.hotel(session) is None:
            raise Unauthenticated
        return row

    async def _note_refusal(self, hotel_id: UUID, code_id: UUID, run: WorkflowRun, method: Method) -> None:
        async with self._db.transaction(hotel_id) as session:
            note(session, "qr_scan", method=method, qr_token_id=code_id, outcome="refused")
            run.keep(session, "failed")

    @asynccontextmanager
    async def with_password(
        self, challenge: str, password: str, client_ip: str, method: Method
    ) -> AsyncIterator[tuple[AsyncSession, User]]:
        """A transaction in which the challenge's user has claimed the code and may be given a session.

        Raises RateLimited, Locked, or Unauthenticated with one answer for every cause.
        """
        with self._check.log_in(), counted(self._claims):
            asked = challenges.read(self._keyring, challenge)
            proved = await self._check.prove(await self._email(asked), password, client_ip)
            if proved.user_id != asked.user_id:
                raise Unauthenticated
            async with self._claimed(asked, proved, method) as entered:
                yield entered

    @asynccontextmanager
    async def _claimed(
        self, asked: Challenge, proved: Proved, method: Method
    ) -> AsyncIterator[tuple[AsyncSession, User]]:
        run = WorkflowRun(runs.QR_SCAN, asked.code_id)
        try:
            async with self._db.transaction(asked.hotel_id) as session:
                user = await self._check.enter(session, proved)
                with run.step("claim"):
                    code = await _claim_for(session, asked, user)
                note(
                    session,
                    "qr_scan",
                    method=method,
                    user_id=user.id,
                    role=user.role,
                    qr_token_id=code.id,
                    outcome="success",
                )
                run.keep(session, "success", user.id)
                yield session, user
        except Unauthenticated:
            await self._note_refusal(asked.hotel_id, asked.code_id, run, method)
            raise

    async def _email(self, asked: Challenge) -> str:
        async with self._db.transaction(asked.hotel_id) as session:
            user = await sessions.live_user(session, asked.user_id)
            code = await qr_tokens.find(session, asked.code_id)
        if user is None or code is None:
            raise Unauthenticated
        return user.email


async def _claim_for(session: AsyncSession, asked: Challenge, user: User) -> QrToken:
    code = await qr_tokens.claim_by_id(session, asked.code_id)
    if code is None or code.user_id != user.id or code.purpose != Purpose.STAFF_ACCESS.value:
        raise Unauthenticated
    return code


async def _forgive(session: AsyncSession, client_ip: str) -> None:
    """A good code does not count: a whole hotel's guests may come from one address."""
    for limit in BUCKETS[_BUCKET].limits:
        await limits.refund(session, limit, client_ip)
