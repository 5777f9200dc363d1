"""Portal: pages for people, drawn from the facts that it has heard."""
