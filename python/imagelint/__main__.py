"""Runs the program: `python -m imagelint`."""

import os
import subprocess
import sys

from imagelint import find_imagelint_bin


def main() -> int:
    command = [find_imagelint_bin(), *sys.argv[1:]]
    if sys.platform == "win32":
        # There, exec would return to the shell before the program ends.
        return subprocess.run(command, check=False).returncode
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
