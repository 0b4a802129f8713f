"""Whether a requirements file names one version of each package."""

import re

_PIN = re.compile(r"\S+?(\[[^]]*\])?\s*===?\s*[^*\s;,]+(\s*(;|--hash|\\|#).*)?|\S+\s*@\s*\S+#sha256=\S+.*")


def is_pinned(text: str) -> bool:
    """Whether every requirement in `text` has exactly one version; a file without any has not."""
    lines = [line.strip() for line in re.sub(r"\\\r?\n", " ", text).splitlines()]
    asked = [line for line in lines if line and not line.startswith(("#", "--"))]
    return bool(asked) and all(_PIN.fullmatch(line) for line in asked)
