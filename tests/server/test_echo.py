"""One line for everything that was taken as it was sent, and the whole page wherever something else is new."""

from sync.client.asking import open_answer
from sync.protocol.messages import Answer, Outcome
from sync.server.county import now_ms
from sync.server.exchange import exchange
from tests.server.devices import Device, enrolled


def raw(device: Device, *changes: bytes) -> Answer:
    """The answer as it comes over the wire; it is taken besides."""
    envelope = device.request(*changes)
    sealed = exchange(device.county, envelope, now_ms()).answer
    device.take(envelope, sealed)
    return open_answer(device.enrolled.link(), sealed, envelope)


def test_new_cases_are_echoed_in_one_line(town: Device) -> None:
    town.send()
    cases = [town.register() for _ in range(3)]
    answer = raw(town, *[change for _, change in cases])
    assert answer.echo is not None
    assert (answer.echo.first, answer.echo.last) == (1, 3)
    assert answer.entries == () and answer.results == ()
    assert town.agrees()
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    assert colleague.agrees()
    assert {town.records["Case", case.id].revision for case, _ in cases} == {
        colleague.records["Case", case.id].revision for case, _ in cases
    }


def test_edits_of_what_the_author_saw_are_echoed(town: Device) -> None:
    case, change = town.register()
    town.send()
    town.send(change)
    answer = raw(town, town.change(town.edit("Case", case.id, case.id, title="改过")))
    assert answer.echo is not None
    assert town.agrees()
    assert town.fields("Case", case.id)["title"] == "改过"


def test_who_has_not_read_everything_gets_the_page(town: Device) -> None:
    case, change = town.register()
    town.send()
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    town.send(change)
    _, another = colleague.register()
    answer = raw(colleague, another)
    assert answer.echo is None
    assert {entry.dossier for entry in answer.entries} >= {case.id}
    assert town.send().results == () and town.agrees() and colleague.agrees()


def test_an_edit_that_merges_is_no_echo(town: Device) -> None:
    case, change = town.register()
    town.send()
    town.send(change)
    colleague = enrolled(town.county, town.unit)
    colleague.send()
    colleague.send(colleague.change(colleague.edit("Case", case.id, case.id, claim="另一项诉求")))
    town.send()
    late = town.change(town.edit("Case", case.id, case.id, base=1, title="改过"))
    answer = raw(town, late)
    assert answer.echo is None
    assert [result.outcome for result in answer.results] == [Outcome.MERGED]
    assert town.agrees()


def test_a_repeat_is_no_echo(town: Device) -> None:
    town.send()
    _, change = town.register()
    assert raw(town, change).echo is not None
    answer = raw(town, change)
    assert answer.echo is None
    assert [result.outcome for result in answer.results] == [Outcome.ACCEPTED]
    assert town.agrees()


def test_what_is_set_apart_is_no_echo(town: Device, other_town: Device) -> None:
    town.send()
    operation = town.create(other_town.case(), "f" * 32)
    answer = raw(town, town.change(operation))
    assert answer.echo is None
    assert [result.outcome for result in answer.results] == [Outcome.QUARANTINED]
    assert town.agrees()
