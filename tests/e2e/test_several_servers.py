"""Several server processes share one county: nothing is lost between them, and each ends for itself."""

from pathlib import Path

from tests.benchmarks.devices import Ground
from tests.benchmarks.load import CHANGES_EACH, load_figures
from tests.e2e.county import County

DEVICES = 5


def test_devices_meet_now_this_server_now_that_and_nothing_is_lost(county: County, tmp_path: Path) -> None:
    figures = load_figures(Ground(county, tmp_path), DEVICES, 4.0, servers=2)
    assert figures["changes"] == DEVICES * CHANGES_EACH
    assert figures["lost"] == 0
    town = county.enrol("431021102")
    town.exchange()  # the further server has ended; the first one and PostgreSQL have not
    assert town.verify()["digest"] == county.verify("431021102")["digest"]
