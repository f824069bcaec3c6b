"""Sealed dossiers, steps that name a person and what is one's own are found without reading every row."""

from alembic import op

revision = "0006"
down_revision = "0005"

FRESH = (
    "CREATE INDEX ix_record_case_sealed ON record_case (dossier) WHERE secrecy = 'SEALED'",
    "CREATE INDEX ix_record_reception_sealed ON record_reception (dossier) WHERE secrecy = 'SEALED'",
    "CREATE INDEX ix_record_step_named ON record_step (to_person, dossier) WHERE to_person IS NOT NULL",
)
WIDENED = (
    "CREATE INDEX ix_record_reception_listed_created_at ON record_reception (created_at, id, unit, author, contact_mode, secrecy, dossier)",
    "CREATE INDEX ix_record_finding_listed_created_at ON record_finding (created_at, id, unit, author, outcome, problem_tag, dossier)",
    "CREATE INDEX ix_record_interview_listed_created_at ON record_interview (created_at, id, unit, author, dossier)",
    "CREATE INDEX ix_record_return_visit_listed_created_at ON record_return_visit (created_at, id, unit, author, dossier)",
    "CREATE INDEX ix_record_rating_listed_created_at ON record_rating (created_at, id, unit, author, dossier)",
    "CREATE INDEX ix_record_attachment_listed_created_at ON record_attachment (created_at, id, unit, author, dossier)",
)
FORMER = (
    "CREATE INDEX ix_record_reception_listed_created_at ON record_reception (created_at, id, unit, author, contact_mode, secrecy)",
    "CREATE INDEX ix_record_finding_listed_created_at ON record_finding (created_at, id, unit, author, outcome, problem_tag)",
    "CREATE INDEX ix_record_interview_listed_created_at ON record_interview (created_at, id, unit, author)",
    "CREATE INDEX ix_record_return_visit_listed_created_at ON record_return_visit (created_at, id, unit, author)",
    "CREATE INDEX ix_record_rating_listed_created_at ON record_rating (created_at, id, unit, author)",
    "CREATE INDEX ix_record_attachment_listed_created_at ON record_attachment (created_at, id, unit, author)",
)


def upgrade() -> None:
    replace(FORMER, (*FRESH, *WIDENED))


def downgrade() -> None:
    replace((*FRESH, *WIDENED), FORMER)


def replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    for statement in old:
        op.execute(f"DROP INDEX {statement.split()[2]}")
    for statement in new:
        op.execute(statement)
