"""What a verb is: its name, its options, and what it runs. Files of verbs import nothing heavy at their top."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. ``run`` returns the exit code; ``help_key`` is a text of the topic ``cli``."""

    name: str
    help_key: str
    options: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    needs_profile: bool = True
