"""What is said to an escalation, by a link in a message or signed in: asked, shown and sent in one way."""
