"""Values that a scanner takes for secrets and that let nobody in, by what they say themselves."""

import hashlib
import re

from hotelctl.facts.placeholder import placeholder

# A name in braces or after a dollar sign, alone or behind a user's name: a program puts the secret there.
_FILLED_IN = re.compile(r"^([\w.@-]*:)?(\$[A-Z_][A-Z0-9_]+|\$?\{\w+\})$|^@[\w.-]+@$")
# Where a secret lies, in the words of 1Password, Bitwarden, Vault, vals, Azure, AWS, Google Cloud and Docker.
_REFERENCE = re.compile(
    r"^(op|bw|bws|keyring|pass|ref\+\w+|gcp-?sm|aws-?sm|ssm|secretsmanager|azure-?kv|vault|doppler|infisical)"
    r":(//|[\w.-]+/)[\w./-]+([#?][\w.&=-]+)?$"
    r"|^@Microsoft\.KeyVault\(|^arn:aws:(secretsmanager|ssm|kms):"
    r"|^projects/[\w-]+/secrets/|^(file:(//)?)?/(run|var/run|etc)/secrets/"
)
# As kubeseal, SOPS, Ansible, Jasypt and age write it; a key that lies elsewhere opens it.
_ENCRYPTED = re.compile(
    r"^Ag[A-D][A-Za-z0-9+/]{120,}={0,2}$|^ENC\[AES256_GCM,|^ENC\([A-Za-z0-9+/=]{16,}\)$|^\$ANSIBLE_VAULT;"
    r"|^YWdlLWVuY3J5cHRpb24ub3Jn"
)
# Of samples that providers publish the digests: the storage and the database emulator of Azure, AWS' secret
# key, and Stripe's key for tests.
_DIGESTS = """
0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059
aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615
78314b11be2e581549ac1c4f616563fad3fdf0c3b71678f6e2299182080e0598
2cafc0970149a84f3b9e62eaf169f36f59907a3b3e31f7b82e68c69cd27f7326
"""
_PUBLISHED = frozenset(_DIGESTS.split())
# Who signs a token for John Doe took it from jwt.io.
_JOHN_DOE = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI"
_SAME = re.compile(r"([A-Za-z*])\1{9,}$|^(.{2,8}?)\2{3,}$")
_NAMES = """
key keys pass passcode passphrase passwd password passwords passwort secret secrets token tokens
contraseña clave senha wachtwoord sleutel parola hasło heslo lösenord adgangskode salasana motdepasse
"""
_SECRET_WORDS = frozenset(_NAMES.split())
_SAMPLES = """
a an the my your our some any no not this that is test tests testing fake dummy mock mocked stub sample
example demo foo bar baz default user admin login wrong bad invalid valid old new api app access auth client
"""
_SAMPLE_WORDS = frozenset(_SAMPLES.split())
_BETWEEN = re.compile(r"[\s_.,:;!?'()/-]+|(?<=[^\W\d_])(?=\d)")
_NUMBER = re.compile(r"\d{1,2}|123(4(5(6(7(89?0?)?)?)?)?)?")
_SENTENCE = 3


def unreal(value: str) -> str:
    """Why nobody enters with it, whatever rule found it; empty where nothing says so."""
    return nowhere(value) or placeholder(value) or _spoken(value)


def nowhere(value: str) -> str:
    """The same where no doubt is left: it is no secret at all, or one that everybody knows."""
    if _FILLED_IN.search(value):
        return "it is a variable that the program fills in"
    if _REFERENCE.search(value):
        return "it says where a secret lies"
    if _ENCRYPTED.search(value):
        return "it is encrypted"
    if hashlib.sha256(value.encode()).hexdigest() in _PUBLISHED or _JOHN_DOE in value:
        return "it is a sample that its provider publishes"
    if value.endswith(("...", "…")):
        return "it is cut short"
    return "it repeats one sign" if _SAME.search(value) else ""


def _spoken(value: str) -> str:
    """Words about a secret: of a sample, or a sentence."""
    spoken = [word for word in _BETWEEN.split(value.lower()) if word and not _NUMBER.fullmatch(word)]
    if not all(map(str.isalpha, spoken)) or _SECRET_WORDS.isdisjoint(spoken):
        return ""
    if _SAMPLE_WORDS.union(_SECRET_WORDS).issuperset(spoken):
        return "its words are those of samples"
    told = len(spoken) >= _SENTENCE or (" " in value and value.endswith(("?", "!", ".", ":", "…")))
    return "it is a sentence about one" if told else ""
