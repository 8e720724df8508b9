"""Runs the program: `python -m imagelint`."""

import os
import subprocess
import sys

from imagelint._program import ProgramNotFound, program


def main() -> int:
    try:
        command = [program(), *sys.argv[1:]]
        if sys.platform == "win32":
            # There, exec would return to the shell before the program ends.
            return subprocess.run(command, check=False).returncode
        os.execv(command[0], command)
    except ProgramNotFound as error:
        print(f"imagelint: {error}", file=sys.stderr)
    except OSError as error:
        print(f"imagelint: {command[0]} cannot be run: {error.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
