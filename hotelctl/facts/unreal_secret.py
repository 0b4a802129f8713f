"""Values that a scanner takes for secrets and that let nobody in, by what they say themselves."""

import hashlib
import re

from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.secret_strength import guesses_log10

# A name in braces or after a dollar sign, alone or behind a user's name: a program puts the secret there.
_FILLED_IN = re.compile(
    r"^([\w.@-]*:)?(\$[A-Z_][A-Z0-9_]+|\$?\{\w+\})$|^@[\w.-]+@$"
    r"|(^|[_:/.-])%(\(\w+\))?s([_:/.-]|$)"
)
# Where a secret lies, in the words of 1Password, Bitwarden, Vault, vals, Azure, AWS, Google Cloud and Docker.
_REFERENCE = re.compile(
    r"^(op|bw|bws|keyring|pass|ref\+\w+|gcp-?sm|aws-?sm|ssm|secretsmanager|azure-?kv|vault|doppler|infisical)"
    r":(//|[\w.-]+/)[\w./-]+([#?][\w.&=-]+)?$"
    r"|^@Microsoft\.KeyVault\(|^arn:aws:(secretsmanager|ssm|kms):"
    r"|^projects/[\w-]+/secrets/|^(file:(//)?)?/(run|var/run|etc)/secrets/"
)
# As kubeseal, SOPS, Ansible, Jasypt, age, hiera, dotenvx and AWS' key service write it; a key that lies
# elsewhere opens it.
_ENCRYPTED = re.compile(
    r"^(?:ENC)?\[?PKCS7,|^MII[A-Za-z0-9+/]{2,5}[YG]?JKoZIhvcNAQcD|"
    r"^Ag[A-D][A-Za-z0-9+/]{120,}={0,2}$|^ENC\[AES256_GCM,|^ENC\([A-Za-z0-9+/=]{16,}\)$|^\$ANSIBLE_VAULT;"
    r"|^YWdlLWVuY3J5cHRpb24ub3Jn|^AQICAH[A-Za-z0-9+/=]{80,}$|^encrypted:[A-Za-z0-9+/=]{60,}$"
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
# Behind the first letters of a token: what to put there, or nothing but a sign that stands for any.
_ASKED_FOR = re.compile(
    r"(?i)\byour[a-z_-]{0,30}(?:token|key|secret|password)|(?:^|[_-])your[A-Z_-]|(?:goes|put|is)[_-]?here"
    r"|x{10,}"
    r"|^(?:generate|create|choose|use|set|fill|paste|run)[_ -]"
    r"(?:with|your|a|an|the|in|by|own|new|strong|random)\b"
    r"|(?-i:EXAMPLE(?:KEY|TOKEN)?=*$)"
)
_FOR_TESTS = re.compile(
    r"(?i)(?:^|[-_. ])(?:for|only|in)[-_ ]tests?(?:[-_. ]|$)|\bnot[-_ ](?:a[-_ ])?(?:real|secret)"
    r"|insecure[-_ ]"
    r"|(?:^|[-_])(?:dummy|fake|mock(?:ed)?|placeholder|example|sample)(?:[-_]|$)"
)
# Who gets the page gets them, too.
_PUBLIC = re.compile(r"^pk\.eyJ|^pk_(?:live|test)_")
# Who signs a token for John Doe took it from jwt.io.
_JOHN_DOE = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI"
_SAME = re.compile(r"([A-Za-z*])\1{9,}$|^(.{2,8}?)\2{3,}$")
_NOWHERE = (
    (_FILLED_IN, "it is a variable that the program fills in"),
    (_REFERENCE, "it says where a secret lies"),
    (_ENCRYPTED, "it is encrypted"),
    (_PUBLIC, "it is public by its form"),
    (_ASKED_FOR, "it asks for a value"),
    (_SAME, "it repeats one sign"),
)
_NAMES = """
key keys pass passcode passphrase passwd password passwords passwort secret secrets token tokens
contraseña clave senha wachtwoord sleutel parola hasło heslo lösenord adgangskode salasana motdepasse
passe kennwort
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
_PIECE = re.compile(r"[A-Za-z0-9+/]{12,}")
_DIGITS = 2
_DRAWN_LOG10 = 10.0


def unreal(value: str) -> str:
    """Why nobody enters with it, whatever rule found it; empty where nothing says so.

    Words say nothing of a value of which a machine drew a piece: who enters with `my-` and forty letters at
    random does so in earnest.
    """
    return nowhere(value) or ("" if _drawn(value) else placeholder(value) or _spoken(value))


def nowhere(value: str) -> str:
    """The same where no doubt is left: it is no secret at all, or one that everybody knows."""
    told = next((why for shape, why in _NOWHERE if shape.search(value)), "")
    if told:
        return told
    if hashlib.sha256(value.encode()).hexdigest() in _PUBLISHED or _JOHN_DOE in value:
        return "it is a sample that its provider publishes"
    return "it is cut short" if value.endswith(("...", "…")) else ""


def _drawn(value: str) -> bool:
    return any(
        len(re.findall(r"\d", piece)) >= _DIGITS
        and len(re.findall(r"[A-Za-z]", piece)) >= _DIGITS
        and guesses_log10(piece) >= _DRAWN_LOG10
        for piece in _PIECE.findall(value)
    )


def _spoken(value: str) -> str:
    """Words about a secret: of a sample, or a sentence."""
    if _FOR_TESTS.search(value):
        return "its words are those of samples"
    spoken = [word for word in _BETWEEN.split(value.lower()) if word and not _NUMBER.fullmatch(word)]
    if not all(map(str.isalpha, spoken)) or _SECRET_WORDS.isdisjoint(spoken):
        return ""
    if _SAMPLE_WORDS.union(_SECRET_WORDS).issuperset(spoken):
        return "its words are those of samples"
    told = (
        (len(spoken) > 1 and spoken[0] in _SECRET_WORDS and not re.search(r"\d", value))
        or len(spoken) >= _SENTENCE
        or (" " in value and value.endswith(("?", "!", ".", ":", "…")))
    )
    return "it is a sentence about one" if told else ""
