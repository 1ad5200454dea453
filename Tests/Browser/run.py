#!/usr/bin/env python3
"""The dashboard in a real browser: runs every test_*.py, two modules at a time.

    Tests/Browser/run.py [NAME…]       a name is that of a module: test_keys
    Tests/Browser/run.py --pictures    writes the pictures of README and docs instead

Needs the packages of `scripts/setup browser`: .venv/bin/python Tests/Browser/run.py. What a page looks
like is in .build/screenshots afterwards; open its index.html.
"""

import importlib.util
import sys

from parry_browser import FOLDER
from parry_outside.modules import Modules

LONG = ("test_pages", "test_security")
PACKAGES = ("playwright", "axe_playwright_python")


def main(words: list[str]) -> int:
    missing = [one for one in PACKAGES if importlib.util.find_spec(one) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} missing: scripts/setup browser, then use .venv/bin/python")
    if words == ["--pictures"]:
        from parry_browser.pictures import write_pictures

        write_pictures()
        return 0
    modules = Modules(FOLDER, LONG)
    return modules.run(words or modules.find("test"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
