"""When a message that could not be handed over is tried again."""

#: So often a message is tried before it has failed.
MOST_TRIES = 6
#: Seconds.
FIRST, LONGEST = 60, 3600


def wait(tries: int, asked: float = 0) -> int | None:
    """Seconds until the next try, or None when it was the last one.

    :param tries: so often it was tried already
    :param asked: seconds that the gateway asked to wait
    """
    if tries >= MOST_TRIES:
        return None
    doubled = min(FIRST * 2 ** max(tries - 1, 0), LONGEST)
    return max(doubled, int(asked) + 1 if asked else 0)
