"""Who goes to whom: guests of a party who come at the same time.

Three guests want three stylists at ten. Each guest has a list of offers; two guests
can have theirs together when nobody is needed by both at the same minute. Where every
offer needs one person for the whole time this is a bipartite matching; visits of
several services need a search, which is small: it starts with the guest who has least
choice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import (
    Callable,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from itertools import islice

from .intervals import Interval

#: What an offer takes: who or what, and from when to when.
Claim = tuple[Hashable, int, int]
#: Choices of people for which places are looked for, at one start.
TRIES = 20


def match(options: Sequence[Sequence[Hashable]]) -> list[int] | None:
    """Choose one option for each, all different; None when that cannot be.

    Augmenting paths (Kuhn). Earlier options are taken where nothing speaks against it.

    :return: for each the index of the chosen option

    >>> match([["mia", "oleg"], ["mia"]])
    [1, 0]
    >>> match([["mia"], ["mia"]]) is None
    True
    """
    holder: dict[Hashable, int] = {}

    def place(number: int, tried: set[Hashable]) -> bool:
        for key in options[number]:
            if key in tried:
                continue
            tried.add(key)
            if key not in holder or place(holder[key], tried):
                holder[key] = number
                return True
        return False

    for number in range(len(options)):
        if not place(number, set()):
            return None
    chosen = {number: key for key, number in holder.items()}
    return [
        list(options[number]).index(chosen[number]) for number in range(len(options))
    ]


def choose(
    options: Sequence[Sequence[Sequence[Claim]]],
    fits: Callable[[list[int]], bool] | None = None,
    tries: int = TRIES,
) -> list[int] | None:
    """Choose one offer for each guest so that no two claims of one key overlap.

    :param options: for each guest the offers, each a list of claims
    :param fits: what else must hold for a choice, asked ``tries`` times at most
    :return: for each guest the index of the offer; None when it cannot be
    """
    if any(not offers for offers in options):
        return None
    if _is_matching(options):
        found = match([[offer[0][0] for offer in offers] for offers in options])
        if found is None or fits is None or fits(found):
            return found
    order = sorted(range(len(options)), key=lambda guest: len(options[guest]))
    chosen: dict[int, int] = {}
    taken: list[Claim] = []
    left = tries

    def search(depth: int) -> bool:
        nonlocal left
        if depth == len(order):
            left -= 1
            return fits is None or fits([chosen[guest] for guest in range(len(order))])
        guest = order[depth]
        for index, offer in enumerate(options[guest]):
            if any(clash(claim, other) for claim in offer for other in taken):
                continue
            chosen[guest] = index
            taken.extend(offer)
            if search(depth + 1):
                return True
            del taken[len(taken) - len(offer) :]
            if left <= 0:
                return False
        return False

    if not search(0):
        return None
    return [chosen[guest] for guest in range(len(options))]


def _is_matching(options) -> bool:
    """Each offer is one claim, and any two claims meet in time."""
    if any(len(offer) != 1 for offers in options for offer in offers):
        return False
    spans = [offer[0][1:] for offers in options for offer in offers]
    latest_start = max(start for start, _stop in spans)
    return all(latest_start < stop for _start, stop in spans)


def clash(first: Claim, second: Claim) -> bool:
    """Say whether two claims want the same at the same time."""
    return first[0] == second[0] and first[1] < second[2] and second[1] < first[2]


def fits_at_once(
    holds: Iterable[tuple[Hashable, int, int]], places: Mapping[Hashable, int]
) -> bool:
    """Say whether there are enough places of each kind at every moment.

    A quick look before places are given out one by one: what fails here fails there.

    :param holds: ``(kind of place, from, to)``
    :param places: how many there are of each kind
    """
    by_kind: dict[Hashable, list[Interval]] = {}
    for kind, start, stop in holds:
        by_kind.setdefault(kind, []).append((start, stop))
    return all(
        _most_at_once(wanted) <= places.get(kind, 0) for kind, wanted in by_kind.items()
    )


def _most_at_once(wanted: Sequence[Interval]) -> int:
    edges = [edge for start, stop in wanted for edge in ((start, 1), (stop, -1))]
    most = now = 0
    # At the same minute who goes makes room for who comes.
    for _minute, change in sorted(edges):
        now += change
        most = max(most, now)
    return most


def chain(
    options: Sequence[Sequence[Interval]],
    max_wait: int,
    fits: Callable[[int, int, int], bool] | None = None,
    accepts: Callable[[list[int]], bool] | None = None,
    tries: int = TRIES,
) -> list[list[int]]:
    """Guests one after the other, in the given order: every first offer with its chain.

    Each next guest starts when the one before is done, or at most ``max_wait`` minutes
    later; of several such offers the first one that still lets the others follow.

    :param options: for each guest the ``(start, stop)`` of the offers, by start
    :param fits: asked with the number of a guest, the index of his offer and that of
        the next guest's, whether one can follow the other
    :param accepts: what must hold for all guests together, asked ``tries`` times at
        most for each first offer
    :return: chains, each for every guest the index of the offer
    """
    starts = [[start for start, _stop in own] for own in options]
    dead: set[tuple[int, int]] = set()

    def follow(guest: int, index: int) -> Iterator[list[int]]:
        if guest + 1 == len(options):
            yield [index]
            return
        if (guest, index) in dead:
            return
        is_dead = True
        ready = options[guest][index][1]
        first = bisect_left(starts[guest + 1], ready)
        last = bisect_right(starts[guest + 1], ready + max_wait)
        for following in range(first, last):
            if fits and not fits(guest, index, following):
                continue
            for rest in follow(guest + 1, following):
                is_dead = False
                yield [index, *rest]
        if is_dead:
            dead.add((guest, index))

    found = []
    for index in range(len(options[0]) if options else 0):
        chains = islice(follow(0, index), tries)
        chosen = next((row for row in chains if not accepts or accepts(row)), None)
        if chosen:
            found.append(chosen)
    return found
