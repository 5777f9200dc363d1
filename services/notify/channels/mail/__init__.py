"""The channel `mail`: over SMTP, or as files where no server is set."""
