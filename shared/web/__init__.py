"""HTTP: what comes in and how it is checked, problems that go out, and their description."""
