"""`python -m hotelctl`: the same as the installed command."""

from hotelctl.cli.main import run

if __name__ == "__main__":
    run()
