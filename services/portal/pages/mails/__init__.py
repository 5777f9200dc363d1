"""Messages: who was sent what, and how far it got."""
