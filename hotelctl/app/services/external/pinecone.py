"""Pinecone: the description of the one index that the settings name."""

from hotelctl.app.external_settings import PineconeSettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of, code_of_status


class Pinecone(Contact):
    """The outside vector index."""

    name = "pinecone"
    extra = "pinecone"
    library = "pinecone"
    variable = "PINECONE_API_KEY"
    serves = False

    def __init__(self, settings: PineconeSettings) -> None:
        self._settings = settings

    def configured(self) -> bool:
        """Whether a key is set; the settings see to it that an index is, too."""
        return self._settings.pinecone_api_key is not None

    async def ask(self) -> None:
        """The index is described and ready."""
        from pinecone import AsyncPinecone, RetryConfig  # noqa: PLC0415 - an extra, loaded where it is used
        from pinecone.errors import ApiError, PineconeError, ResponseParsingError  # noqa: PLC0415 - same

        key, index = self._settings.pinecone_api_key, self._settings.pinecone_index
        client = AsyncPinecone(
            api_key=key.get_secret_value() if key else "",
            host=self._settings.pinecone_controller_host,
            timeout=LIMIT_S,
            retry_config=RetryConfig(max_retries=0),
        )
        async with client:
            try:
                found = await client.indexes.describe(index or "")
            except ApiError as error:
                raise CallFailed(code_of_status(error.status_code)) from None
            except ResponseParsingError:
                raise CallFailed("bad_answer") from None
            except PineconeError as error:
                raise CallFailed(code_of(error)) from None
        if not found.status.ready:
            raise CallFailed("not_ready")
