"""The demonstration without a screen leaves what its page says, and every proof holds."""

import json
from pathlib import Path

from tests.e2e.processes import processes_of, run

MOST_SECONDS = 90
FORMS = {
    "visit_record", "stay_summary", "reception_register", "reception_receipt", "sealed_handover",
    "interview_record", "revisit_record", "satisfaction_form",
}  # fmt: skip
LETTERS = {"transfer_letter", "acceptance_notice", "answer_letter"}


def test_the_demonstration_leaves_what_it_promises(tmp_path: Path) -> None:
    folder = tmp_path / "演示 文件夹"
    done = run("desktop", "demo", "--headless", "--out", folder, seconds=2 * MOST_SECONDS)
    assert done.code == 0, str(done)
    assert done.err == ""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert all(summary["proofs"].values())
    for unit in summary["units"]:
        assert unit["township"]["digest"] == unit["county"]["digest"]
        assert (folder / f"town-{unit['unit']}" / "vault.json").is_file()
    made = {path.name for path in (folder / "forms").iterdir()}
    fields = {f"{form}-{way}.pdf" for form in FORMS for way in ("filled", "blank")}
    assert made == fields | {f"{letter}-filled.pdf" for letter in LETTERS}
    assert all((folder / "screens" / language / "today.png").is_file() for language in ("zh", "en"))
    assert processes_of(folder) == []


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = run("desktop", "demo", "--headless", "--out", tmp_path)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
