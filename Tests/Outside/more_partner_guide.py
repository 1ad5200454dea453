"""The walk-through of docs/partner-guide.md, copied and pasted: every block in one shell."""

import contextlib
import os
import re
import signal
import subprocess
import unittest

from parry_outside.cases import FolderCase
from parry_outside.partner import find_partner_binary
from parry_outside.server import REPOSITORY, clean_environment, find_binary, free_port

GUIDE = REPOSITORY / "docs" / "partner-guide.md"
SECONDS_MAX = 120


def walk() -> str:
    """The shell blocks of the walk-through as one script."""
    part = GUIDE.read_text().split("## A walk-through")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))


class GuideWalkTest(FolderCase):
    def test_the_walk_through_works_as_it_is_written(self):
        """A newcomer who copies the blocks sees nineteen items held at the end."""
        tools = self.folder / "tools"
        tools.mkdir()
        for binary in (find_binary(), find_partner_binary()):
            os.symlink(binary, tools / binary.name)
        script = walk().replace('"$PWD/.build/release:$PATH"', f'"{tools}:$PATH"')
        for port in ("8089", "8443"):
            script = script.replace(port, str(free_port()))
        code, said = self.run_script(script)
        self.assertEqual(code, 0, said[-4_000:])
        self.assertIn("19 of 19 hold.", said)
        self.assertIn("the hook decided: refund", said)
        self.assertIn("the hook decided: accept", said)
        self.assertIn("the refund is committed", said)
        self.assertRegex(said, r"2\s+accepted")
        self.assertRegex(said, r"1\s+refused here")
        report = (self.folder / "var" / "walk" / "acceptance.md").read_text()
        self.assertEqual(report.count("- [x]"), 19)

    def run_script(self, script: str) -> tuple[int, str]:
        """The exit code and all that it said; nothing that it started stays."""
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, env=clean_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=SECONDS_MAX)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, said


if __name__ == "__main__":
    unittest.main()
