"""What routes ask for by type: the service, the log-in, an operator; and the bearer token."""

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security.utils import get_authorization_scheme_param

from hotelctl.app.api.refusals import refuses
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services.login import Login
from hotelctl.app.services.qr_entry import QrEntry
from hotelctl.app.services.service import Service


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _login(service: Annotated[Service, Depends(_service)]) -> Login:
    return Login(service.db, service.keyring, service.admission, service.password_check)


async def _qr_entry(service: Annotated[Service, Depends(_service)]) -> QrEntry:
    return QrEntry(service.db, service.keyring, service.password_check, service.metrics.qr_claims)


def bearer_token(request: Request) -> str | None:
    """The token of the Authorization header, if it is a bearer token."""
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    return token if scheme.lower() == "bearer" and token else None


def is_operator(service: Service, request: Request) -> bool:
    """Whether the request carries OPS_TOKEN, compared in constant time; nobody does while none is set."""
    expected, given = service.settings.ops_token, bearer_token(request)
    if expected is None or given is None:
        return False
    return hmac.compare_digest(expected.get_secret_value().encode(), given.encode())


@refuses(Unauthenticated)
async def operator(service: Annotated[Service, Depends(_service)], request: Request) -> None:
    """Raises Unauthenticated for a request without OPS_TOKEN."""
    if not is_operator(service, request):
        raise Unauthenticated


ServiceDep = Annotated[Service, Depends(_service)]
LoginDep = Annotated[Login, Depends(_login)]
QrEntryDep = Annotated[QrEntry, Depends(_qr_entry)]
OperatorOnly = Depends(operator)
