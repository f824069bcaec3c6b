"""Others' words in a tooltip are words."""

from desktop.ui.widgets.surfaces import ElidedLabel
from desktop.ui.widgets.tips import plain_tip

PAGE = "<img src='//elsewhere/share/x.png'>反映"


def test_a_page_is_spelt_out(qapp: object) -> None:
    assert "<img" not in plain_tip(PAGE) and "&lt;img" in plain_tip(PAGE)
    assert plain_tip("反映 a < b") == "反映 a < b"
    label = ElidedLabel()
    label.setText(PAGE)
    assert label.text() == PAGE and "<img" not in label.toolTip()
