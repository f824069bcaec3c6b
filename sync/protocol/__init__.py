"""Messages between a device and the county: codec, envelope, key card, ticket, limits."""
