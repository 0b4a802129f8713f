"""Log-in, refresh, log-out, change of password, and who the caller is."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from hotelctl.app.api.client import UNKNOWN_CLIENT
from hotelctl.app.api.parts import LoginDep
from hotelctl.app.api.password_rules import LONGEST, SHORTEST_NEW
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import limited, signed_in
from hotelctl.app.domain.failures import HotelSuspended, Locked, RateLimited, Unauthenticated, Unavailable
from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.logs import current_request, note_hotel
from hotelctl.app.services.login import Granted
from hotelctl.app.services.tokens import ACCESS_TTL

router = APIRouter(prefix="/api")

Email = Annotated[
    str, Field(min_length=3, max_length=254, pattern=r"^[^\s\x00-\x1f\x7f]+@[^\s\x00-\x1f\x7f]+$")
]


def _encodable(value: SecretStr) -> SecretStr:
    # JSON can spell half a character; nothing behind this point could encode it.
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("is no valid text") from None
    return value


Secret = Annotated[SecretStr, AfterValidator(_encodable)]
Password = Annotated[Secret, Field(min_length=1, max_length=LONGEST)]
NewPassword = Annotated[Secret, Field(min_length=SHORTEST_NEW, max_length=LONGEST)]
RefreshToken = Annotated[Secret, Field(min_length=1, max_length=256)]


class _Body(BaseModel):
    """A body that holds what is named and nothing else."""

    model_config = ConfigDict(extra="forbid")


class LoginBody(_Body):
    """Credentials."""

    email: Email
    password: Password


class RefreshBody(_Body):
    """A refresh token."""

    refresh_token: RefreshToken


class PasswordBody(_Body):
    """The password that holds and the one that shall."""

    current: Password
    new: NewPassword


class UserOut(BaseModel):
    """The user who logged in."""

    id: UUID
    display_name: str
    role: Role
    hotel_id: UUID


class TokensOut(BaseModel):
    """Tokens of a log-in; expires_in counts seconds and is about the access token."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in: int = int(ACCESS_TTL.total_seconds())
    refresh_token: str
    must_change_password: bool
    user: UserOut


class SubjectOut(BaseModel):
    """Whom the token speaks for: a user, or a guest's session."""

    subject: UUID
    kind: SubjectKind
    hotel_id: UUID
    role: Role
    permissions: list[str]
    expires_at: datetime


def tokens_out(granted: Granted) -> TokensOut:
    """The answer to a log-in."""
    user = granted.user
    note_hotel(user.hotel_id, SubjectKind.USER)
    return TokensOut(
        access_token=granted.access_token,
        refresh_token=granted.refresh_token,
        must_change_password=user.must_change_password,
        user=UserOut(
            id=user.id, display_name=user.display_name, role=Role(user.role), hotel_id=user.hotel_id
        ),
    )


@router.post("/auth/login", responses=refusals(Unauthenticated, Locked, RateLimited, Unavailable))
async def log_in(body: LoginBody, login: LoginDep) -> TokensOut:
    """Tokens for e-mail and password; 401 with one text for every cause, 423 and 429 with Retry-After."""
    record = current_request.get()
    ip = record.client_ip if record else UNKNOWN_CLIENT
    return tokens_out(await login.log_in(body.email, body.password.get_secret_value(), ip))


@router.post(
    "/auth/refresh", dependencies=[limited("refresh")], responses=refusals(Unauthenticated, HotelSuspended)
)
async def refresh(body: RefreshBody, login: LoginDep) -> TokensOut:
    """New tokens for a refresh token, which is good once."""
    return tokens_out(await login.refresh(body.refresh_token.get_secret_value()))


@router.post("/auth/logout", status_code=204, dependencies=[limited("logout")])
async def log_out(body: RefreshBody, login: LoginDep) -> Response:
    """204, and the log-in of this refresh token is over; so is one that was over before."""
    await login.log_out(body.refresh_token.get_secret_value())
    return Response(status_code=204)


@router.post("/auth/password", status_code=204, responses=refusals(Locked))
async def change_password(
    body: PasswordBody, who: Annotated[Principal, signed_in(afresh=True)], login: LoginDep
) -> Response:
    """204, and the new password holds; every log-in of the user is over."""
    await login.change_password(who, body.current.get_secret_value(), body.new.get_secret_value())
    return Response(status_code=204)


@router.get("/protected")
async def protected(who: Annotated[Principal, signed_in(afresh=True)]) -> SubjectOut:
    """Subject, hotel, role and permissions of the caller."""
    return SubjectOut(
        subject=who.subject_id,
        kind=who.kind,
        hotel_id=who.hotel_id,
        role=who.role,
        permissions=sorted(who.grants),
        expires_at=who.expires_at,
    )
