"""One data thread, one network thread: reads and writes as tasks."""
