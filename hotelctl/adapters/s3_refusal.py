"""What an S3 server, or the way to it, says no with: one line for people, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from hotelctl.core.errors import StepFailed

_RIGHTS = (
    "they need s3:ListBucket, ListBucketMultipartUploads, GetObject, PutObject, DeleteObject "
    "and AbortMultipartUpload there"
)
_CREDENTIALS = "give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or this machine a role"
_BUCKET = "make it, or name another one as store of the environment's backups"
_AGAIN = "run it again; what is half sent passes for no backup"
_WAY = f"look at the network and the endpoint, then {_AGAIN}"
_BY_CODE = {
    "NoSuchBucket": ("there is no such bucket", _BUCKET),
    "InvalidBucketName": ("no bucket can have that name", _BUCKET),
    "AccessDenied": ("these credentials may not do that", _RIGHTS),
    "403": ("these credentials may not do that", _RIGHTS),
    "InvalidAccessKeyId": ("it does not know the access key", _CREDENTIALS),
    "SignatureDoesNotMatch": ("the secret key is not the one of the access key", _CREDENTIALS),
    "ExpiredToken": ("the credentials have expired", "get new ones, then run it again"),
    "RequestTimeTooSkewed": ("the clock of this machine is wrong", "set it, then run it again"),
    "XMinioStorageFull": ("no space is left there", f"make room, then {_AGAIN}"),
    "InsufficientStorage": ("no space is left there", f"make room, then {_AGAIN}"),
    "QuotaExceeded": ("the quota there is used up", f"make room, then {_AGAIN}"),
    "SlowDown": ("it is asked too often", _AGAIN),
}
_NO_CREDENTIALS = ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError")
_NO_ANSWER = (
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"),
    *("ProxyConnectionError", "SSLError", "ResponseStreamingError", "HTTPClientError"),
)


@contextmanager
def talking(place: str) -> Iterator[None]:
    """Turns what boto3 raises in the block into `StepFailed`; `place` is what was asked."""
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - an extra, loaded where it is used
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - same

    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        # A transfer that failed says so in its own words, and why in what it was raised for.
        reason = error.__context__ if isinstance(error, Boto3Error) and error.__context__ else error
        raise _refusal(place, reason) from error


def _refusal(place: str, error: BaseException) -> StepFailed:
    kind = {one.__name__ for one in type(error).__mro__}
    if kind & {*_NO_CREDENTIALS}:
        return StepFailed(f"{place}: no credentials are found", _CREDENTIALS)
    if kind & {*_NO_ANSWER}:
        return StepFailed(f"{place}: does not answer: {_line(error)}", _WAY)
    said = getattr(error, "response", {}).get("Error", {})
    code = str(said.get("Code", ""))
    if code in _BY_CODE:
        why, hint = _BY_CODE[code]
        return StepFailed(f"{place}: {why} ({code})", hint)
    words = f"{code} {said.get('Message', '')}".strip() or _line(error)
    return StepFailed(f"{place}: {words}", _AGAIN)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
