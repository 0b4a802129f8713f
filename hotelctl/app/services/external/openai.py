"""OpenAI: the list of models shows that key and address are good and costs nothing."""

from typing import TYPE_CHECKING

from hotelctl.app.external_settings import OpenAISettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of, code_of_status

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAI(Contact):
    """The language model's API."""

    name = "openai"
    extra = "openai"
    library = "openai"
    variable = "OPENAI_API_KEY"

    def __init__(self, settings: OpenAISettings) -> None:
        self._settings = settings

    def configured(self) -> bool:
        """Whether a key is set."""
        return self._settings.openai_api_key is not None

    def client(self, *, timeout_s: float, retries: int) -> "AsyncOpenAI":
        """A client whose waits are bounded: the library's own limit would outlive every drain."""
        from openai import AsyncOpenAI  # noqa: PLC0415 - an extra, loaded where it is used

        key = self._settings.openai_api_key
        return AsyncOpenAI(
            api_key=key.get_secret_value() if key else "",
            base_url=self._settings.openai_base_url,
            timeout=timeout_s,
            max_retries=retries,
        )

    async def ask(self) -> None:
        """The models are listed."""
        from openai import APIStatusError, OpenAIError  # noqa: PLC0415 - same

        async with self.client(timeout_s=LIMIT_S, retries=0) as client:
            try:
                found = await client.get("/models", cast_to=object)
            except APIStatusError as error:
                raise CallFailed(code_of_status(error.status_code)) from None
            except OpenAIError as error:
                raise CallFailed(code_of(error)) from None
        if not isinstance(found, dict) or not isinstance(found.get("data"), list):
            raise CallFailed("bad_answer")
