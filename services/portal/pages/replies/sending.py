"""Sends what somebody says to the escalation service, which decides."""

from services.portal.pages.frame.context import PageContext
from services.portal.pages.frame.forms import WHOLE, Asking, send
from services.portal.pages.replies.matter import Matter
from services.portal.pages.replies.saying import ANSWERS, ENTER, Given, Voice, request_of
from services.portal.pages.words import Words

CONFLICT = 409


async def say(
    context: PageContext, asking: Asking, matter: Matter, voice: Voice | None, given: Given
) -> dict[str, str]:
    """Say something to an escalation; return what is wrong by field, nothing where it was taken."""
    t = context.reader.t
    if voice is None or given.say not in voice.choices:
        return {WHOLE: t("reply_wrong_say")}
    if given.say == ENTER and (wrong := _not_entered(given, t)):
        return wrong
    method, path, body = request_of(given, matter.escalation_id, context.reader.city.zone)
    sent = await send(context.portal.dependencies.ask, asking, "escalation", method, path, body=body)
    return {WHOLE: t("reply_over")} if sent.status == CONFLICT else sent.wrong(t)


def _not_entered(given: Given, t: Words) -> dict[str, str]:
    """Return what moderation must say beside what another seat has answered: which, and how it knows."""
    wrong = {} if given.answer in ANSWERS else {"answer": t("reply_wrong_say")}
    return wrong if given.reason else wrong | {"reason": t("wrong_reason")}
