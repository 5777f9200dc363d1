"""My day: what waits for whoever is signed in, then the next sessions, then figures."""
