"""Who runs this process, for records that people read."""

import getpass
import os


def user_name() -> str:
    """The login name; in a container without an entry for it the number, as `uid 1234`."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
