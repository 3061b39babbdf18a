import { clock } from "./board_clock";
import {
    arrange,
    merge,
    overlaps,
    reuse,
    subtract,
    toPieces,
    visibleHours,
} from "./layout";

/** States in which nothing takes place any more; only no-shows stay to be seen. */
export const HIDDEN = new Set(["cancelled"]);

/** What lasts so many minutes is there day and night. */
const LONG = 16 * 60;

/** So many minutes before opening and after closing the board follows the clock. */
const MARGIN = 2 * 60;

/**
 * What stands in the columns of one day, or of several days of one person: plain
 * objects that stay the same object while nothing about them changes.
 *
 * @param {object} data as loaded
 * @param {object} options
 * @param {string[]} options.dates
 * @param {"people"|"places"|"both"} options.who
 * @param {number|null} options.person only this one, a column per day
 * @param {boolean} options.everybody also people who are not there
 * @param {(appointment: object, visit: object) => string} options.tone
 * @param {import("./board_clock").BranchClock} options.clock
 * @param {object[]} previous the columns before
 */
export function buildColumns(data, options, previous = []) {
    const { dates, clock: wall } = options;
    const days = dates.map((date) => {
        const from = wall.minute(date);
        return { date, from, to: wall.minute(date, 1440) };
    });
    const owners = ownersOf(data, options);
    const drafts = days.flatMap((day) =>
        owners.map((owner) => draft(data, owner, day)),
    );
    const filled = drafts.filter(
        (column) => !column.optional || column.items.length || column.blocks.length,
    );
    const hours = hoursOf(data, days, filled);
    const before = new Map(previous.map((column) => [column.key, column]));
    const columns = filled.map((column) =>
        finish(column, hours, options, before.get(column.key)),
    );
    return {
        columns: reuse(previous, columns, (column) => column.key, sameItems),
        hours,
    };
}

function ownersOf({ staff, facilities }, { who, person, everybody }) {
    if (person) {
        return staff
            .filter((member) => member.id === person)
            .map((member) => toOwner("staff", member, false));
    }
    const owners = [];
    if (who !== "places") {
        owners.push({ kind: "nobody", id: false, optional: true, windows: null });
        owners.push(...staff.map((member) => toOwner("staff", member, !everybody)));
    }
    if (who !== "people") {
        owners.push(...facilities.map((place) => toOwner("facility", place, false)));
    }
    return owners;
}

function toOwner(kind, record, hideable) {
    return { kind, hideable, ...record };
}

/** What lies in one column, before hours and places are known. */
function draft(data, owner, day) {
    const within = ([start, stop]) => overlaps([start, stop], [day.from, day.to]);
    // A shift past midnight belongs to the day on which it begins; places may be there
    // day and night.
    const windows = (owner.windows || []).filter(([start, stop]) =>
        stop - start < LONG
            ? day.from <= start && start < day.to
            : within([start, stop]),
    );
    const items = [];
    for (const appointment of data.appointments.values()) {
        if (HIDDEN.has(appointment.state) || appointment.day !== day.date) {
            continue;
        }
        const pieces = piecesIn(appointment, owner);
        if (pieces.length) {
            const visit = data.visits[appointment.visit] || {};
            items.push({
                key: `${owner.kind}${owner.id || 0}-${appointment.id}`,
                id: appointment.id,
                appointment,
                visit,
                isOwn: owner.kind !== "staff" || appointment.staff === owner.id,
                start: pieces[0].start,
                stop: pieces.at(-1).stop,
                pieces,
            });
        }
    }
    const blocks = data.blocks.filter(
        (block) =>
            within([block.start, block.stop]) &&
            ((owner.kind === "staff" && block.staff === owner.id) ||
                (owner.kind === "facility" && block.facility === owner.id)),
    );
    return {
        key: `${owner.kind}${owner.id || 0}-${day.date}`,
        owner,
        day,
        windows,
        breaks: (owner.breaks || []).filter(within),
        off: (owner.off || []).filter(within),
        items,
        blocks,
        optional: owner.optional || (owner.hideable && !windows.length),
    };
}

function piecesIn(appointment, owner) {
    if (owner.kind === "nobody") {
        return appointment.staff
            ? []
            : toPieces(appointment, ([, , , staff]) => !staff, true);
    }
    if (owner.kind === "staff") {
        const own = appointment.staff === owner.id;
        return toPieces(appointment, (phase) => phase[3] === owner.id, own);
    }
    const phases = appointment.phases;
    if (!phases.length) {
        return (appointment.places || []).includes(owner.id)
            ? toPieces(appointment, () => true, true)
            : [];
    }
    return toPieces(appointment, (phase) => (phase[4] || []).includes(owner.id), false);
}

/** The same hours for all columns, counted from each day's midnight. */
function hoursOf(data, days, columns) {
    const spans = [];
    for (const { items, blocks, windows, day } of columns) {
        for (const [start, stop] of [
            ...items.map((item) => [item.start, item.stop]),
            ...windows,
            ...blocks.map((block) => [block.start, block.stop]),
        ]) {
            // No reason to draw the night.
            if (stop - start < LONG) {
                spans.push([start - day.from, stop - day.from]);
            }
        }
    }
    for (const day of days) {
        // The line of now is worth some more hours, not a whole night.
        const now = clock.now - day.from;
        const near = ([start, stop]) => start - MARGIN < now && now < stop + MARGIN;
        if (spans.some(near)) {
            spans.push([now, now + 1]);
        }
        const opened = data.days.find((each) => each.date === day.date);
        for (const [start, stop] of opened?.open || []) {
            spans.push([start - day.from, stop - day.from]);
        }
    }
    const [from, to] = visibleHours(spans, 0);
    return [Math.max(from, 0), Math.max(to, from + 60)];
}

function finish(column, [from, to], options, before) {
    const { clock: wall, tone } = options;
    const { owner, day } = column;
    const origin = wall.minute(day.date, from);
    const end = origin + to - from;
    const cut = (spans) =>
        spans
            .map(([start, stop, ...rest]) => [
                Math.max(start, origin),
                Math.min(stop, end),
                ...rest,
            ])
            .filter(([start, stop]) => start < stop);
    const closed = [...column.breaks, ...column.off];
    const usual = owner.windows ? column.windows : options.openOf(day.date);
    const items = arrange(column.items).map((item) => {
        const drawn = { ...item, origin, tone: tone(item.appointment, item.visit) };
        drawn.isNextDay = item.start >= day.to;
        drawn.signature = JSON.stringify(drawn);
        return drawn;
    });
    const finished = {
        key: column.key,
        kind: owner.kind,
        id: owner.id,
        date: day.date,
        name: owner.name,
        avatar: owner.avatar,
        workMinutes: owner.work_minutes,
        bookedMinutes: owner.booked_minutes,
        origin,
        end,
        midnight: day.from,
        next: day.to,
        windows: cut(subtract(merge(usual), closed)),
        breaks: cut(column.breaks).filter(
            (pause) => !column.off.some((away) => overlaps(pause, away)),
        ),
        off: cut(column.off),
        isOff: !usual.length,
        blocks: cut(column.blocks.map((block) => [block.start, block.stop, block])),
        items: reuse(before?.items || [], items, (item) => item.key),
    };
    finished.signature = JSON.stringify({ ...finished, items: null });
    return finished;
}

function sameItems({ items }, { items: others }) {
    return (
        items.length === others.length && items.every((item, at) => item === others[at])
    );
}
