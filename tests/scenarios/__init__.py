"""Schedules of several devices and a county over real stores: whatever breaks on the way, all agree in the end."""
