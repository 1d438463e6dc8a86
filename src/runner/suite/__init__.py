"""Many runs in one night, judged against what was accepted: tables, budgets and seeds side by side."""

from collections.abc import Mapping
from typing import Any

Content = Mapping[str, Any]  # of suite.json, or of a part of it
