"""All routes of the assistant: conversations, their messages, what the hotel knows, the models."""

from fastapi import APIRouter

from hotelctl.app.api import conversations, knowledge, messages, models

router = APIRouter()
for module in (conversations, messages, knowledge, models):
    router.include_router(module.router)
