"""Episodes: what incidents may have changed, what the rules see, what becomes of escalations."""
