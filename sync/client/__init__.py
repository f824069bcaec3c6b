"""The device's end of the exchange: one loop, a store port, transports."""
