"""What the server counts. Units' codes are labels; devices, people and cases never are."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """One registry per application, so that two in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "liandong_requests_total", "Requests by path and status.", ["path", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "liandong_request_seconds", "Time to answer.", ["path"], registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )  # fmt: skip
        self.changes = Counter("liandong_changes_total", "Changes by outcome.", ["outcome"], registry=self.registry)
        self.entries = Counter("liandong_entries_total", "Feed entries sent.", registry=self.registry)

    def text(self) -> bytes:
        """Prometheus' text form."""
        return generate_latest(self.registry)
