"""What a person reads about a run, made from its verdict.json alone."""

from collections.abc import Mapping
from typing import Any

Content = Mapping[str, Any]  # of verdict.json, or of a part of it
