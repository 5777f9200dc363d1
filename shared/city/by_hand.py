"""Escalations that no rule raised but moderation: what stands where others name their rule."""

from shared.city.profile import Text

BY_HAND = "by_hand."
"""How the rule of such an escalation begins; the body that is called follows."""
NAME: Text = {"de": "Von der Moderation einberufen", "en": "Called by the moderation"}


def rule_by_hand(body: str) -> str:
    """Return what stands for the rule where moderation calls a body."""
    return f"{BY_HAND}{body}"


def body_by_hand(rule: str) -> str:
    """Return the body that moderation has called, or nothing: it is a rule of the city."""
    return rule.removeprefix(BY_HAND) if rule.startswith(BY_HAND) else ""
