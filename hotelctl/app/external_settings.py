"""Settings of outside services; each is off until its first variable is set."""

from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic.config import JsonDict

from hotelctl.app.environment import WEB_SCHEMES, ApiKey, Environment, WebUrl

_URL: JsonDict = {"kind": "url", "schemes": [*WEB_SCHEMES]}
# The validators below refuse what is left out; the contract says it before the start.
_WITH_OPENAI: JsonDict = {"required_when": {"AI_PROVIDER": ["openai"]}}
_ADDRESS = r"^[^\s@<>\"]+@[^\s@<>\"]+$"


def _needs(info: ValidationInfo, name: str) -> None:
    # A field that was refused itself is named by its own problem.
    if info.data.get(name, "refused") is None:
        raise ValueError(f"needs {name.upper()}")


class MailSettings(Environment):
    """The SMTP server that takes mail for the hotels' users."""

    email_from: str | None = Field(
        None,
        pattern=_ADDRESS,
        max_length=254,
        description="Sender of all mail.",
        examples=["assistant@hotel.example.invalid"],
        json_schema_extra={"kind": "email", "required_when": {"SMTP_HOST": []}},
    )
    smtp_password: SecretStr | None = Field(
        None, description="Password of SMTP_USER.", examples=["CHANGE_ME"]
    )
    smtp_user: str | None = Field(None, description="User of the SMTP server.", examples=["assistant"])
    smtp_host: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9.:-]+$",
        description="SMTP server; without it no mail is sent and what needs mail says so.",
        examples=["smtp.example.invalid"],
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    smtp_security: Literal["starttls", "tls"] = Field(
        "starttls",
        description="How the connection is encrypted: `starttls` (587) or `tls` from the start (465).",
    )

    @field_validator("smtp_host")
    @classmethod
    def _host_has_its_own(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            _needs(info, "email_from")
            if info.data.get("smtp_user") is not None:
                _needs(info, "smtp_password")
        return value


class OpenAISettings(Environment):
    """The language model."""

    openai_model: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._:/-]{1,100}$",
        description="Name of the model that words answers; without it none is asked.",
        examples=["name-of-the-model"],
        json_schema_extra=_WITH_OPENAI,
    )
    openai_usd_per_million_in: float | None = Field(
        None,
        ge=0,
        le=10000,
        description="Price of a million tokens read; costs are noted with both prices only.",
    )
    openai_usd_per_million_out: float | None = Field(
        None, ge=0, le=10000, description="Price of a million tokens written."
    )
    openai_api_key: ApiKey | None = Field(
        None,
        description="Key of the OpenAI API; without it answers come from the hotel's own texts.",
        examples=["CHANGE_ME"],
        json_schema_extra=_WITH_OPENAI,
    )
    openai_base_url: WebUrl = Field(
        "https://api.openai.com/v1",
        description="Address of the OpenAI API or of a server that speaks it.",
        json_schema_extra=_URL,
    )
    ai_provider: Literal["auto", "local", "openai"] = Field(
        "auto",
        description="Who words answers: `local` rules, `openai`, or `auto`: openai where a hotel wants it.",
    )

    @field_validator("ai_provider")
    @classmethod
    def _openai_has_key_and_model(cls, value: str, info: ValidationInfo) -> str:
        if value == "openai":
            _needs(info, "openai_api_key")
            _needs(info, "openai_model")
        return value


class PineconeSettings(Environment):
    """The outside vector index."""

    pinecone_index: str | None = Field(
        None,
        pattern=r"^[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?$",
        description="Name of the Pinecone index.",
        examples=["hotel-knowledge"],
        json_schema_extra={"required_when": {"PINECONE_API_KEY": []}},
    )
    pinecone_api_key: ApiKey | None = Field(
        None, description="Key of the Pinecone API; needs PINECONE_INDEX.", examples=["CHANGE_ME"]
    )
    pinecone_controller_host: WebUrl = Field(
        "https://api.pinecone.io",
        description="Address of the Pinecone API.",
        json_schema_extra=_URL,
    )

    @field_validator("pinecone_api_key")
    @classmethod
    def _key_has_index(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None:
            _needs(info, "pinecone_index")
        return value


class StripeSettings(Environment):
    """Payments."""

    stripe_secret_key: ApiKey | None = Field(
        None, description="Secret or restricted key of the Stripe API.", examples=["CHANGE_ME"]
    )
    stripe_webhook_secret: ApiKey | None = Field(
        None,
        description="Signing secret of the webhook endpoint; without it /api/webhooks/stripe answers 501.",
        examples=["CHANGE_ME"],
    )
    stripe_api_base: WebUrl = Field(
        "https://api.stripe.com", description="Address of the Stripe API.", json_schema_extra=_URL
    )


class StorageSettings(Environment):
    """The S3 bucket."""

    aws_secret_access_key: ApiKey | None = Field(
        None,
        description="Secret of AWS_ACCESS_KEY_ID.",
        examples=["CHANGE_ME"],
        json_schema_extra={"required_when": {"AWS_S3_BUCKET": [], "AWS_ACCESS_KEY_ID": []}},
    )
    aws_access_key_id: str | None = Field(
        None,
        pattern=r"^[\x21-\x7e]+$",
        description="Key id for the bucket; without it the machine's own role is used.",
        examples=["CHANGE_ME"],
    )
    aws_region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="Region of the bucket.")
    aws_endpoint_url_s3: WebUrl | None = Field(
        None,
        description="Address of a server that speaks S3, if it is not Amazon's.",
        examples=["https://s3.example.invalid"],
        json_schema_extra=_URL,
    )
    aws_s3_bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="Bucket for files; without it nothing is stored outside.",
        examples=["hotel-files"],
    )

    @field_validator("aws_s3_bucket")
    @classmethod
    def _id_has_secret(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("aws_access_key_id") is not None:
            _needs(info, "aws_secret_access_key")
        return value


class ExternalSettings(MailSettings, OpenAISettings, PineconeSettings, StripeSettings, StorageSettings):
    """Every outside service."""
