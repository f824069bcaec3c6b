"""The bar at the left: where one is, where one can go, who signed in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout

from desktop.ui.keys import shown_key
from desktop.ui.screen import make_button
from desktop.ui.widgets.surfaces import make_label
from desktop.ui.workplace import Workplace

PLACES = {
    "today": "sun",
    "visit": "footprints",
    "reception": "message-square",
    "cases": "folder-open",
    "exchange": "refresh-cw",
    "settings": "settings",
    "county": "inbox",
}
"""Screen → icon, in the order of their keys."""
COUNTY_ONLY = "county"
WIDTH, EDGE = 188, 18
"""Of the bar, and of what stands in it from its left side."""
_PARTS_OF = {"case": "cases", "rules": "settings", "preview": "", "viewer": "cases", "help": ""}


class Navigation(QFrame):
    """Emits ``picked`` with a screen's name."""

    picked = Signal(str)
    lock_asked = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self._place = place
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 18, 0, 14)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        group = QButtonGroup(self)
        for screen, icon in PLACES.items():
            button = self._make_button(screen, icon)
            group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._make_rule())
        self._person = make_label()
        self._person.setWordWrap(True)
        column.addWidget(self._person)
        lock = make_button(place, "ui.lock", self.lock_asked.emit, command="lock")
        column.addWidget(lock)
        place.look.changed.connect(self._fit)
        place.voice.changed.connect(self.show_person)
        self._fit()

    def show_screen(self, screen: str) -> None:
        """Mark where one is."""
        button = self._buttons.get(_PARTS_OF.get(screen, screen))
        if button is not None:
            button.setChecked(True)

    def offers(self, screen: str) -> bool:
        """Whether the bar leads the one who signed in to a screen; the county's desk is for the county's own unit."""
        facts = self._place.facts
        if screen not in PLACES:
            return False
        return screen != COUNTY_ONLY or (facts is not None and facts.unit == facts.county)

    def show_person(self) -> None:
        """Who signed in, at which unit."""
        facts = self._place.facts
        self._buttons[COUNTY_ONLY].setVisible(self.offers(COUNTY_ONLY))
        self._unit.setText(_unit_line(facts.county_name, facts.unit_name) if facts else "")
        role = self._place.voice.label("role", facts.role) if facts else ""
        self._person.setText(" · ".join(filter(None, (facts.user, role))) if facts else "")

    def _make_head(self) -> QVBoxLayout:
        head = self._head = QVBoxLayout()
        head.setSpacing(2)
        brand = QLabel()
        brand.setObjectName("brand")
        self._place.voice.put(brand, "ui.product")
        self._unit = make_label()
        self._unit.setWordWrap(True)
        self._unit.setProperty("quiet", True)
        head.addWidget(brand)
        head.addWidget(self._unit)
        return head

    def _make_button(self, screen: str, icon: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"ui.go_{screen}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._place.look.tint(button, icon, "nav_text", 17)
        voice = self._place.voice
        voice.follow(button, lambda: f"  {voice.say(f'ui.{screen}')}")
        voice.follow(button, lambda: voice.say("ui.go", screen=voice.say(f"ui.{screen}")), "setAccessibleName")
        button.clicked.connect(lambda _=False: self.picked.emit(screen))
        self._buttons[screen] = button
        self._put_key(button, screen)
        return button

    @staticmethod
    def _put_key(button: QPushButton, screen: str) -> None:
        """The key stands at the right edge of the button."""
        grid = QGridLayout(button)
        grid.setContentsMargins(0, 0, 14, 0)
        key = QLabel(shown_key(screen))
        key.setProperty("quiet", True)
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        grid.addWidget(key, 0, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _make_rule(self) -> QFrame:
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        return rule

    def _fit(self) -> None:
        """All that stands here begins where the icons of the buttons do."""
        edge = self._place.look.scaled(EDGE)
        self.setFixedWidth(self._place.look.scaled(WIDTH))
        self._head.setContentsMargins(edge, 0, 10, 16)
        self._person.setContentsMargins(edge, 10, 12, 0)


def _unit_line(county: str, unit: str) -> str:
    """The unit with its county, which is not said twice."""
    return unit if unit.startswith(county) else f"{county} · {unit}"
