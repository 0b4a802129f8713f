import time

import pytest
from stripe import SignatureVerificationError, WebhookSignature

from hotelctl.facts.webhook_signature import SIGNERS


def test_stripe_s_own_library_takes_what_is_signed_and_refuses_the_rest() -> None:
    body, now = b'{"id": "evt_1"}', int(time.time())
    (header,) = SIGNERS["stripe"].headers(body, "whsec_1", now).values()
    assert WebhookSignature.verify_header(body.decode(), header, "whsec_1", 300)
    for text, secret, said in (
        ('{"id": "evt_2"}', "whsec_1", header),
        (body.decode(), "whsec_2", header),
        (
            body.decode(),
            "whsec_1",
            SIGNERS["stripe"].headers(body, "whsec_1", now - 3600)["Stripe-Signature"],
        ),
    ):
        with pytest.raises(SignatureVerificationError):
            WebhookSignature.verify_header(text, said, secret, 300)


def test_github_s_documented_example() -> None:
    assert SIGNERS["github"].headers(b"Hello, World!", "It's a Secret to Everybody", 0) == {
        "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }
    assert not SIGNERS["github"].timed
