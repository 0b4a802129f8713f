"""No garbage is looked for while tests are collected: modules and items live as long as the run does.

Collections during tests, and those at the end that find what nobody closed, walk over what tests made.
"""

import gc

gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is collected again, among what the tests make."""
    gc.freeze()
    gc.enable()
