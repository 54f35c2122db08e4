"""`python -m daggen`."""

from daggen.cli import main

if __name__ == "__main__":
    main()
