"""Where a secret is revoked that a scanner found, by the provider that its rule is named after."""

# The first word of a rule's id, and where its provider lets people revoke what it issued.
# Source: the providers' own pages about revoking and rolling keys.
_PLACES = {
    "aws": "AWS: IAM > Users > Security credentials",
    "cloudflare": "Cloudflare: My Profile > API Tokens",
    "digitalocean": "DigitalOcean: API > Tokens",
    "discord": "Discord: Developer Portal > Bot > Reset Token",
    "gcp": "Google Cloud: APIs & Services > Credentials",
    "github": "GitHub: Settings > Developer settings",
    "gitlab": "GitLab: User settings > Access tokens",
    "heroku": "Heroku: heroku authorizations:revoke",
    "huggingface": "Hugging Face: Settings > Access Tokens",
    "npm": "npm: npm token revoke",
    "openai": "OpenAI: Settings > API keys",
    "pypi": "PyPI: Account settings > API tokens",
    "sendgrid": "SendGrid: Settings > API Keys",
    "slack": "Slack: the app's OAuth & Permissions",
    "stripe": "Stripe: Developers > API keys",
    "telegram": "Telegram: /revoke to BotFather",
    "twilio": "Twilio: Console > API keys & tokens",
    "vault": "Vault: vault token revoke",
}


def first_step(rule: str) -> str:
    """What is done before anything else, in at most 66 characters."""
    place = _PLACES.get(rule.partition("-")[0])
    if place:
        return f"revoke it at {place}"
    if rule.endswith("private-key"):
        return "take its public half out of every place that trusts it"
    return "give it a new value where it lets somebody in"
