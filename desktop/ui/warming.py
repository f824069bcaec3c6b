"""What is imported behind the unlock screen while somebody types the passphrase, in the order it will be wanted."""

WARMED = (
    "desktop.opening",
    "desktop.ui.today.view",
    "desktop.ui.cases.list_view",
    "desktop.ui.reception.view",
    "desktop.ui.visits.view",
    "desktop.ui.cases.detail_view",
    "desktop.ui.exchange.view",
    "desktop.ui.settings_page.view",
    "desktop.ui.preview.view",
    "desktop.ui.viewer.view",
    "desktop.ui.help_page.view",
    "desktop.ui.county.view",
    "desktop.ui.rules_page.view",
)
