"""The printed forms of the demonstration: each filled from a record and blank."""

from desktop.cli.demo.story import FIRST, Story

BLANK_SHEETS = 2


def print_forms(story: Story) -> int:
    """Write ``forms/FORM-filled.pdf`` and ``forms/FORM-blank.pdf``; returns how many files."""
    folder = story.folder / "forms"
    folder.mkdir()
    with story.office(FIRST) as office:
        for form, subject in story.subjects.items():
            (folder / f"{form}-filled.pdf").write_bytes(office.print_form(form, subject).pdf)
            (folder / f"{form}-blank.pdf").write_bytes(office.print_blank(form, BLANK_SHEETS).pdf)
    for form, pdf in story.letters.items():
        (folder / f"{form}-filled.pdf").write_bytes(pdf)
    return len(list(folder.iterdir()))
