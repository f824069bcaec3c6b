"""The demonstration: a made-up county with two towns, worked through by the same services as the screens."""
