"""One data thread, one network pool: reads and writes as tasks."""
