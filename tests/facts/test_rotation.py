import pytest

from hotelctl.facts import rotation
from hotelctl.facts.rotation import first_step


@pytest.mark.parametrize(
    ("rule", "step"),
    [
        ("github-pat", "revoke it at GitHub: Settings > Developer settings"),
        ("github-fine-grained-pat", "revoke it at GitHub: Settings > Developer settings"),
        ("stripe-webhook-secret", "revoke it at Stripe: Developers > API keys"),
        ("private-key", "take its public half out of every place that trusts it"),
        ("putty-private-key", "take its public half out of every place that trusts it"),
        ("generic-password", "give it a new value where it lets somebody in"),
        ("githubber", "give it a new value where it lets somebody in"),
    ],
)
def test_the_first_step_is_that_of_the_provider(rule: str, step: str) -> None:
    assert first_step(rule) == step


def test_every_step_holds_a_line_of_a_finding() -> None:
    assert all(len(first_step(f"{name}-key")) <= 66 for name in rotation._PLACES)
