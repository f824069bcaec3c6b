"""The desktop application of township and county office: window, verbs, store."""
