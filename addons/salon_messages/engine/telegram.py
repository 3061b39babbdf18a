"""The parts of the Telegram Bot API that are spoken here.

https://core.telegram.org/bots/api: sendMessage, its errors, and updates to a webhook.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: What follows "/start" in a link that the salon gave out.
START = re.compile(r"/start(?:@\w+)? ([A-Za-z0-9_-]{16,64})\s*")
#: A text has at most so many characters.
LONGEST = 4096
SENT, RETRY, FAILED, BLOCKED = "sent", "retry", "failed", "blocked"
#: It may have been taken all the same.
UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the API said to a message."""

    kind: str
    message: str = ""
    failure: str = ""
    retry_after: float = 0


@dataclass(frozen=True, slots=True)
class Update:
    """What somebody wrote to the bot; ``start`` is the token of a link."""

    chat: str
    text: str = ""
    start: str = ""
    has_blocked: bool = False


def outcome(status: int, answer: object) -> Outcome:
    """Read the answer to sendMessage.

    :param status: of HTTP
    :param answer: the parsed body, whatever it is
    """
    answer = answer if isinstance(answer, Mapping) else {}
    failure = str(answer.get("description") or f"HTTP {status}")[:200]
    if answer.get("ok") is True:
        result = answer.get("result")
        sent = result.get("message_id") if isinstance(result, Mapping) else ""
        return Outcome(SENT, str(sent or ""))
    if status == 429:
        parameters = answer.get("parameters")
        asked = parameters.get("retry_after") if isinstance(parameters, Mapping) else 0
        return Outcome(RETRY, failure=failure, retry_after=_seconds(asked))
    if status >= 500 or status < 300:
        # Whether it was taken before the server failed, nobody knows.
        return Outcome(UNSURE, failure=failure)
    if status == 403:
        return Outcome(BLOCKED, failure=failure)
    return Outcome(FAILED, failure=failure)


def update(payload: object) -> Update | None:
    """Read an update; None for what is no message of a person in a private chat."""
    if not isinstance(payload, Mapping):
        return None
    member = payload.get("my_chat_member")
    if isinstance(member, Mapping):
        chat = _private_chat(member)
        status = member.get("new_chat_member")
        kicked = isinstance(status, Mapping) and status.get("status") == "kicked"
        return Update(chat, has_blocked=True) if chat and kicked else None
    message = payload.get("message")
    if not isinstance(message, Mapping):
        return None
    chat, text = _private_chat(message), message.get("text")
    if not chat or not isinstance(text, str):
        return None
    start = START.fullmatch(text)
    return Update(chat, text[:LONGEST].replace("\0", ""), start[1] if start else "")


def _private_chat(message: Mapping) -> str:
    chat = message.get("chat")
    if not isinstance(chat, Mapping) or chat.get("type") != "private":
        return ""
    number = chat.get("id")
    return str(number) if isinstance(number, int) and number > 0 else ""


def _seconds(value: object) -> float:
    return min(max(float(value), 0), 86400) if isinstance(value, int | float) else 0
