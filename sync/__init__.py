"""What township and county must agree on, and the two ends that speak it."""
