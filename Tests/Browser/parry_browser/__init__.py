"""What the tests in a real browser share; what starts servers and receivers is that of Tests/Outside."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
REPOSITORY = FOLDER.parents[1]

sys.path.insert(0, str(REPOSITORY / "Tests" / "Outside"))
