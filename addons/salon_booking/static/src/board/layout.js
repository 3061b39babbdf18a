/**
 * Geometry of the day board: minutes in, minutes and shares of a column out. Knows
 * neither screen nor server. A span is a pair [start, stop] of minutes since 1970 UTC.
 */

/** @param {[number, number][]} spans in any order; @returns {[number, number][]} */
export function merge(spans) {
    const merged = [];
    for (const [start, stop] of [...spans].sort((a, b) => a[0] - b[0])) {
        const last = merged.at(-1);
        if (last && start <= last[1]) {
            last[1] = Math.max(last[1], stop);
        } else {
            merged.push([start, stop]);
        }
    }
    return merged;
}

/** What of the spans is left without the others. */
export function subtract(spans, others) {
    let left = merge(spans);
    for (const [start, stop] of others) {
        left = left.flatMap(([from, to]) => {
            if (stop <= from || to <= start) {
                return [[from, to]];
            }
            return [
                [from, start],
                [stop, to],
            ].filter(([a, b]) => a < b);
        });
    }
    return left;
}

export function overlaps([start, stop], [from, to]) {
    return start < to && from < stop;
}

/**
 * The parts of an appointment in one column: what the person or place is busy with, and
 * the gaps in between, into which somebody else may be put.
 *
 * @param {{start: number, stop: number, phases: Array}} appointment
 * @param {(phase: Array) => boolean} takes does this phase take the column's owner?
 * @param {boolean} whole draw from start to stop, or only from first to last part?
 * @returns {{kind: "work"|"free"|"tail", start: number, stop: number, phase: number}[]}
 */
export function toPieces(appointment, takes, whole) {
    const { start, stop, phases } = appointment;
    if (!phases.length) {
        return whole ? [{ kind: "work", start, stop, phase: 0 }] : [];
    }
    const pieces = [];
    phases.forEach((phase, index) => {
        const [kind, from, to] = phase;
        if (!takes(phase) || from >= to) {
            return;
        }
        const drawn = ["cleanup", "buffer"].includes(kind) ? "tail" : "work";
        const last = pieces.at(-1);
        if (last && last.kind === drawn && last.stop === from) {
            last.stop = to;
        } else {
            pieces.push({ kind: drawn, start: from, stop: to, phase: index });
        }
    });
    if (!pieces.length && !whole) {
        return [];
    }
    const span = whole
        ? [
              Math.min(start, pieces[0]?.start ?? start),
              Math.max(stop, pieces.at(-1)?.stop ?? stop),
          ]
        : [pieces[0].start, pieces.at(-1).stop];
    const taken = pieces.map((piece) => [piece.start, piece.stop]);
    for (const [from, to] of subtract([span], taken)) {
        pieces.push({ kind: "free", start: from, stop: to, phase: -1 });
    }
    return pieces.sort((a, b) => a.start - b.start);
}

function busyOf(item) {
    return item.pieces
        .filter((piece) => piece.kind !== "free")
        .map((piece) => [piece.start, piece.stop]);
}

function collide(some, others) {
    return some.some((span) => others.some((other) => overlaps(span, other)));
}

/**
 * Lay the items of a column side by side where they are busy at the same time; one that
 * lies in a gap of another keeps the full width, set in by one step.
 *
 * @param {{start: number, stop: number, pieces: Array}[]} items
 * @returns {Array} new items with ``lane``, ``lanes`` and ``inset``
 */
export function arrange(items) {
    const sorted = [...items].sort((a, b) => a.start - b.start || b.stop - a.stop);
    const busy = sorted.map(busyOf);
    const lane = [];
    const group = sorted.map((_item, index) => index);
    const root = (index) => {
        while (group[index] !== index) {
            index = group[index];
        }
        return index;
    };
    sorted.forEach((item, index) => {
        const used = new Set();
        for (let other = 0; other < index; other++) {
            if (sorted[other].stop > item.start && collide(busy[index], busy[other])) {
                used.add(lane[other]);
                group[root(index)] = root(other);
            }
        }
        lane[index] = 0;
        while (used.has(lane[index])) {
            lane[index]++;
        }
    });
    const lanes = {};
    lane.forEach((value, index) => {
        lanes[root(index)] = Math.max(lanes[root(index)] || 0, value + 1);
    });
    return sorted.map((item, index) => ({
        ...item,
        lane: lane[index],
        lanes: lanes[root(index)],
        inset: sorted.filter(
            (other, at) =>
                at < index &&
                lane[at] === lane[index] &&
                root(at) !== root(index) &&
                overlaps([other.start, other.stop], [item.start, item.stop]),
        ).length,
    }));
}

/**
 * First and last minute to draw, on whole hours after the day's own beginning.
 *
 * @param {[number, number][]} spans everything that should be seen
 * @param {number} midnight the day's first minute
 * @param {[number, number]} usual minutes after midnight when nothing is known
 */
export function visibleHours(spans, midnight, usual = [9 * 60, 18 * 60]) {
    if (!spans.length) {
        return usual;
    }
    const first = Math.min(...spans.map(([start]) => start)) - midnight;
    const last = Math.max(...spans.map(([, stop]) => stop)) - midnight;
    return [Math.floor(first / 60) * 60, Math.ceil(last / 60) * 60];
}

/** The minute on the grid at or before, counted from ``origin``. */
export function snap(minute, slot, origin = 0) {
    return origin + Math.floor((minute - origin) / slot) * slot;
}

/** Where an appointment of so many minutes would lie, for all of its possible starts. */
export function freeAreas(starts, minutes) {
    return merge(starts.map((start) => [start, start + minutes]));
}

/** Keep the old objects where nothing changed, so that nothing is drawn again. */
export function reuse(previous, next, keyOf, same = () => true) {
    const old = new Map(previous.map((each) => [keyOf(each), each]));
    return next.map((each) => {
        const before = old.get(keyOf(each));
        const kept =
            before && before.signature === each.signature && same(before, each);
        return kept ? before : each;
    });
}
