"""The loop, the stick, enrolment and transports against a county made of real envelopes."""
