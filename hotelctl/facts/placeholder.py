"""Values that were meant to be replaced: by their words and by their shape."""

import re

_EXAMPLES = """
changeme change_me change-me replaceme replace_me replace-me replacethis fixme todo tbd xxx example sample
placeholder dummy secret password passwd pass default none null undefined foo bar foobar test testing
supersecret super-secret super_secret secretkey secret-key secret_key mysecret my-secret
"""
_WORDS = frozenset(_EXAMPLES.split())
_SHAPES = (
    (re.compile(r"^<{1,3}[^<>]+>{1,3}$"), "a text in angle brackets"),
    (
        re.compile(r"^(\{\{.*\}\}|\$\{[^}]*\}|%[A-Z_]+%|\[[A-Za-z _-]+\])$"),
        "a template that nobody filled in",
    ),
    (
        re.compile(r"^((your|enter|insert|put)[-_ ]|(my|the|some)[-_])[a-z]", re.IGNORECASE),
        "words that ask for a value",
    ),
    (re.compile(r"(change|replace)[-_ ]?(me|this|it)", re.IGNORECASE), "words that ask to be replaced"),
    (re.compile(r"^(x{3,}|\*{3,}|\.{3,}|-{3,}|_{3,}|0{6,})$", re.IGNORECASE), "one sign repeated"),
    (re.compile(r"[-_](here|example|placeholder)$", re.IGNORECASE), "words that ask for a value"),
)


def placeholder(value: str) -> str | None:
    """What makes `value` a placeholder, without repeating it; None when nothing does."""
    text = value.strip().strip("\"'")
    if text.lower() in _WORDS:
        return "a word that stands in every example"
    return next((words for shape, words in _SHAPES if shape.search(text)), None)
