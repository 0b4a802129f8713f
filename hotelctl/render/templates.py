"""Finding templates: inside the installed package, else at the top of the checkout."""

from hotelctl.config.own_files import own_file


def template(name: str) -> str:
    """The text of template `name`. Raises `FileNotFoundError` where neither place has it."""
    return own_file(f"_templates/{name}", "reports", "templates", name).read_text(encoding="utf-8")
