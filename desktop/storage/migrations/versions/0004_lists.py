"""Indexes of lists carry what lists are filtered by; whom a case complains about and letters are found by index."""

from alembic import op

revision = "0004"
down_revision = "0003"

FRESH = (
    "CREATE INDEX ix_record_accused_name ON record_accused (name)",
    "CREATE INDEX ix_record_case_listed_created_at ON record_case (created_at, id, unit, author, source_channel, nature, problem_tag, village, secrecy, status, holder)",
    "CREATE INDEX ix_record_case_listed_due ON record_case (due, id, unit, author, source_channel, nature, problem_tag, village, secrecy, status, holder) WHERE due IS NOT NULL",
    'CREATE INDEX ix_record_document_number_case ON record_document_number ("case")',
    "CREATE INDEX ix_record_document_number_unit_year_serial ON record_document_number (unit, year, serial)",
    "CREATE INDEX ix_record_finding_listed_created_at ON record_finding (created_at, id, unit, author, outcome, problem_tag)",
    "CREATE INDEX ix_record_reception_listed_created_at ON record_reception (created_at, id, unit, author, contact_mode, secrecy)",
    "CREATE INDEX ix_record_visit_listed_created_at ON record_visit (created_at, id, unit, author, village, contact_mode)",
    "CREATE INDEX ix_record_attachment_listed_created_at ON record_attachment (created_at, id, unit, author)",
    "CREATE INDEX ix_record_interview_listed_created_at ON record_interview (created_at, id, unit, author)",
    "CREATE INDEX ix_record_rating_listed_created_at ON record_rating (created_at, id, unit, author)",
    "CREATE INDEX ix_record_return_visit_listed_created_at ON record_return_visit (created_at, id, unit, author)",
)
FORMER = (
    "CREATE INDEX ix_record_case_created_at_id ON record_case (created_at, id)",
    "CREATE INDEX ix_record_case_due_id ON record_case (due, id)",
    "CREATE INDEX ix_record_finding_created_at_id ON record_finding (created_at, id)",
    "CREATE INDEX ix_record_reception_created_at_id ON record_reception (created_at, id)",
    "CREATE INDEX ix_record_visit_created_at_id ON record_visit (created_at, id)",
    "CREATE INDEX ix_record_attachment_created_at_id ON record_attachment (created_at, id)",
    "CREATE INDEX ix_record_interview_created_at_id ON record_interview (created_at, id)",
    "CREATE INDEX ix_record_rating_created_at_id ON record_rating (created_at, id)",
    "CREATE INDEX ix_record_return_visit_created_at_id ON record_return_visit (created_at, id)",
)


def upgrade() -> None:
    replace(FORMER, FRESH)


def downgrade() -> None:
    replace(FRESH, FORMER)


def replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    for statement in old:
        op.execute(f"DROP INDEX {statement.split()[2]}")
    for statement in new:
        op.execute(statement)
