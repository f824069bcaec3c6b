"""What is due, what was not finished, where this device stands with the county."""
