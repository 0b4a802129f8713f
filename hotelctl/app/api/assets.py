"""Style, scripts and pictures of the pages; each address holds a hash of the content.

While two releases run, either may be asked for the other's file: a known name with another hash is answered
with this release's content, which nobody may keep.
"""

import hashlib
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FILES = {
    path.name: path.read_bytes()
    for path in sorted(Path(__file__).with_name("static").iterdir())
    if path.suffix in _TYPES
}
_HASHES = {name: hashlib.sha256(content).hexdigest()[:16] for name, content in _FILES.items()}
_FOR_EVER = "public, max-age=31536000, immutable"


def address(name: str) -> str:
    """Where a page finds the file; a name that is not there is a KeyError."""
    stem, suffix = name.rsplit(".", 1)
    return f"/static/{stem}.{_HASHES[name]}.{suffix}"


@router.get("/static/{stem}.{digest}.{suffix}")
async def asset(stem: str, digest: str, suffix: str) -> Response:
    """The file; to be kept for ever exactly when the hash is its own."""
    name = f"{stem}.{suffix}"
    if name not in _FILES:
        raise HTTPException(404)
    kept = _FOR_EVER if digest == _HASHES[name] else "no-store"
    return Response(_FILES[name], media_type=_TYPES[f".{suffix}"], headers={"Cache-Control": kept})
