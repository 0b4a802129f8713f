"""Rules for credentials that their issuers give a form of their own, and that betterleaks does not know.

Source: the issuers' own descriptions of their tokens: Azure's shared access signatures, NuGet, Tailscale,
Braintree, Laravel, Discord's webhooks, Firebase Cloud Messaging, Rails.
"""

# Name, regular expression with one group, words of which one stands there, and how sure it is.
TOKENS = (
    (
        "azure-shared-access-signature",
        r"[?&;](?:amp;)?sig=([A-Za-z0-9%+/_-]{40,100}(?:%3[Dd]|=))",
        ("sig=",),
        "medium",
    ),
    ("nuget-key", r"\b(oy2[a-z0-9]{43})\b", ("oy2",), "high"),
    (
        "tailscale-key",
        r"\b(tskey-(?:auth|api|client|webhook|scim)-[A-Za-z0-9]{6,30}-[A-Za-z0-9]{20,60})\b",
        ("tskey-",),
        "high",
    ),
    (
        "braintree-token",
        r"\b(access_token\$production\$[a-z0-9]{16}\$[0-9a-f]{32})\b",
        ("access_token$",),
        "high",
    ),
    (
        "laravel-key",
        r"\bAPP_KEY['\"]?\s*(?:=>|=|:)\s*['\"]?(base64:[A-Za-z0-9+/]{43}=)",
        ("app_key",),
        "medium",
    ),
    (
        "discord-webhook",
        r"\bdiscord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]{17,20}/([A-Za-z0-9_-]{60,80})\b",
        ("/webhooks/",),
        "high",
    ),
    ("firebase-server-key", r"\b(AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134})", (":apa91b",), "high"),
)

# The whole of a file that is called so.
KEY_FILES = (
    ("rails-key-file", r"\A([0-9a-f]{32})\s*\z", r"(?:^|[/!])config/(?:master|credentials/\w+)\.key$"),
)
