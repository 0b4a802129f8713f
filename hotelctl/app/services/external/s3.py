"""S3: HeadBucket shows that the bucket is there and that the key may use it."""

import asyncio
from typing import TYPE_CHECKING

from hotelctl.app.external_settings import StorageSettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of, code_of_status

if TYPE_CHECKING:
    from botocore.client import BaseClient


class S3(Contact):
    """The bucket for files."""

    name = "s3"
    extra = "s3"
    library = "boto3"
    variable = "AWS_S3_BUCKET"
    serves = False

    def __init__(self, settings: StorageSettings) -> None:
        self._settings = settings

    def configured(self) -> bool:
        """Whether a bucket is named; the key may be the machine's own role."""
        return self._settings.aws_s3_bucket is not None

    def _client(self) -> "BaseClient":
        from boto3.session import Session  # noqa: PLC0415 - an extra, loaded where it is used
        from botocore.config import Config  # noqa: PLC0415 - same

        settings = self._settings
        secret = settings.aws_secret_access_key
        client: BaseClient = Session().client(
            "s3",
            region_name=settings.aws_region,
            endpoint_url=settings.aws_endpoint_url_s3,
            aws_access_key_id=settings.aws_access_key_id,
            aws_secret_access_key=secret.get_secret_value() if secret else None,
            config=Config(connect_timeout=LIMIT_S, read_timeout=LIMIT_S, retries={"total_max_attempts": 1}),
        )
        return client

    async def ask(self) -> None:
        """The bucket answers; the library blocks, so a thread waits for it."""
        await asyncio.to_thread(self._head)

    def _head(self) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - same

        client = self._client()
        try:
            client.head_bucket(Bucket=self._settings.aws_s3_bucket)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise CallFailed(code_of_status(status)) from None
        except BotoCoreError as error:
            raise CallFailed(code_of(error)) from None
        finally:
            client.close()
