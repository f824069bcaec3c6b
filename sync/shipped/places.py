"""Where the shipped data lies: ``resources/`` beside the packages, or inside a frozen application."""

import sys
from pathlib import Path


def resources_folder() -> Path:
    """The folder ``resources``."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources"
