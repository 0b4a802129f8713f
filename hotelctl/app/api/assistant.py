"""All routes of the assistant: conversations, their messages, what the hotel knows, the models."""

from fastapi import APIRouter

from hotelctl.app.api import conversations, messages

router = APIRouter()
for module in (conversations, messages):
    router.include_router(module.router)
