"""``list``, ``show``, ``search``: what is here, without identities unless asked with a reason."""

from argparse import ArgumentParser, Namespace
from typing import Any

from desktop.cli.verb import Verb

PAGE = 1_000


def _list_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("--json", action="store_true")


def _list(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json, print_line

    rows: list[dict[str, Any]] = []
    with opened_office(arguments) as office:
        after = None
        while True:
            page = office.list_page(arguments.kind, after=after, limit=PAGE)
            rows += [row_map(row) for row in page.rows]
            after = page.next
            if after is None:
                break
    if arguments.json:
        print_json(rows)
    else:
        for row in rows:
            print_line("\t".join(str(row.get(name) or "-") for name in ("number", "id", "created_at", "status")))
    return 0


def row_map(row: Any) -> dict[str, Any]:
    """A list row as JSON: always id, number, created_at; status, holder and due of a case even when empty."""
    from sync.domain.times import local_text

    shown: dict[str, Any] = {"id": row.id, "number": row.number, "created_at": local_text(row.created_at)}
    if row.kind == "Case":
        shown |= {"status": row.status, "holder": row.holder, "due": row.due}
    if row.received_at is not None:
        shown["received_at"] = local_text(row.received_at)
    for name in ("title", "secrecy", "nature", "village", "author", "void", "unsent"):
        value = getattr(row, name)
        if value not in (None, ""):
            shown[name] = value
    return {**row.columns, **shown}


def _show_options(parser: ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--identity", action="store_true")
    parser.add_argument("--reason", metavar="TEXT")


def _show(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import print_json
    from sync.domain.errors import UsageError

    if arguments.identity and not (arguments.reason or "").strip():
        raise UsageError("cli.identity_needs_reason")
    with opened_office(arguments) as office:
        print_json(office.show(arguments.kind, arguments.id, reason=arguments.reason, identity=arguments.identity))
    return 0


def _search_options(parser: ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--limit", type=int, default=200, metavar="N")


def _search(arguments: Namespace) -> int:
    from desktop.cli.session import opened_office
    from desktop.cli.speech import complain_line, print_json, print_line, text
    from sync.domain.times import local_text

    with opened_office(arguments) as office:
        hits = office.search(arguments.text, limit=arguments.limit)
        unindexed = office.unindexed()
    shown = [
        {
            "kind": hit.kind,
            "id": hit.id,
            "number": hit.number,
            "title": hit.title,
            "snippet": hit.snippet,
            "created_at": local_text(hit.created_at),
        }
        for hit in hits
    ]
    if arguments.json:
        print_json(shown)
    else:
        for line in shown:
            print_line(f"{line['kind']}\t{line['number'] or '-'}\t{line['id']}\t{line['title']}")
    if unindexed:
        complain_line(text("cases.unindexed", count=unindexed))
    return 0


VERBS = (
    Verb("list", "cli.verb_list", _list_options, _list),
    Verb("show", "cli.verb_show", _show_options, _show),
    Verb("search", "cli.verb_search", _search_options, _search),
)
