import { _t } from "@web/core/l10n/translation";

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
 * What stands in the columns of one day, of one branch or of several side by side, or of
 * several days of one person: plain objects that stay the same object while nothing
 * about them changes. Each branch is drawn by the clock on its own wall.
 *
 * @param {object} data as loaded
 * @param {object} options
 * @param {string[]} options.dates
 * @param {"people"|"places"|"both"} options.who
 * @param {number|null} options.person only this one, a column per day
 * @param {boolean} options.everybody also people who are not there
 * @param {(appointment: object, visit: object) => string} options.tone
 * @param {(branch: number) => import("./board_clock").BranchClock} options.clockOf
 * @param {object[]} previous the columns before
 */
export function buildColumns(data, options, previous = []) {
    const days = data.branches.flatMap((branch) => daysOf(branch, options));
    const drafts = days.flatMap((day) =>
        ownersOf(data, options, day.branch).map((owner) => draft(data, owner, day)),
    );
    const filled = drafts.filter(
        (column) => !column.optional || column.items.length || column.blocks.length,
    );
    const hours = hoursOf(days, filled);
    const before = new Map(previous.map((column) => [column.key, column]));
    const columns = filled.map((column) =>
        finish(column, hours, options, before.get(column.key)),
    );
    return {
        columns: reuse(previous, columns, (column) => column.key, sameItems),
        hours,
    };
}

function daysOf({ id, days }, { dates, clockOf }) {
    const wall = clockOf(id);
    return dates.map((date) => ({
        date,
        wall,
        branch: id,
        from: wall.minute(date),
        to: wall.minute(date, 1440),
        zero: wall.zero(date), // not midnight on a day on which clocks change
        open: days.find((day) => day.date === date)?.open || [],
    }));
}

function ownersOf(data, { who, person, everybody }, branch) {
    const [staff, facilities] = [data.staff, data.facilities].map((owners) =>
        owners.filter((owner) => owner.branch === branch),
    );
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
    const elsewhere = [];
    for (const appointment of data.appointments.values()) {
        if (HIDDEN.has(appointment.state)) {
            continue;
        }
        if (appointment.branch !== day.branch) {
            elsewhere.push(...takenElsewhere(appointment, owner));
            continue;
        }
        if (appointment.day !== day.date) {
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
    const blocks = [...data.blocks, ...elsewhere].filter(
        (block) =>
            within([block.start, block.stop]) &&
            ((owner.kind === "staff" && block.staff === owner.id) ||
                (owner.kind === "facility" && block.facility === owner.id)),
    );
    return {
        key: `${owner.kind}${owner.id || 0}-${day.branch}-${day.date}`,
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

/** A person of two branches that are both shown is busy in the other one, too. */
function takenElsewhere({ id, phases }, { kind, id: owner }) {
    const spans = phases
        .filter(([, , , staff]) => kind === "staff" && staff === owner)
        .map(([, start, stop]) => [start, stop]);
    return merge(spans).map(([start, stop]) => ({
        id: `${id}-${start}`,
        kind: "away",
        staff: owner,
        start,
        stop,
        label: _t("Taken"),
    }));
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

/** The same hours of the wall for all columns. */
function hoursOf(days, columns) {
    const spans = [];
    for (const { items, blocks, windows, day } of columns) {
        for (const [start, stop] of [
            ...items.map((item) => [item.start, item.stop]),
            ...windows,
            ...blocks.map((block) => [block.start, block.stop]),
        ]) {
            // No reason to draw the night.
            if (stop - start < LONG) {
                spans.push([start - day.zero, stop - day.zero]);
            }
        }
    }
    for (const day of days) {
        // The line of now is worth some more hours, not a whole night.
        const now = clock.now - day.zero;
        const near = ([start, stop]) => start - MARGIN < now && now < stop + MARGIN;
        if (spans.some(near)) {
            spans.push([now, now + 1]);
        }
        for (const [start, stop] of day.open) {
            spans.push([start - day.zero, stop - day.zero]);
        }
    }
    const [from, to] = visibleHours(spans, 0);
    const first = Math.min(0, ...days.map((day) => day.from - day.zero));
    return [Math.max(from, first), Math.max(to, from + 60)];
}

function finish(column, [from, to], options, before) {
    const { tone } = options;
    const { owner, day } = column;
    const origin = day.zero + from;
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
    const usual = owner.windows ? column.windows : day.open;
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
        branch: day.branch,
        name: owner.name,
        avatar: owner.avatar,
        workMinutes: owner.work_minutes,
        bookedMinutes: busyMinutes(column.items),
        origin,
        end,
        midnight: day.from,
        next: day.to,
        zero: day.zero,
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

/** How long somebody is busy with who comes; what overlaps counts once. */
function busyMinutes(items) {
    const busy = items
        .filter(({ appointment }) => appointment.state !== "no_show")
        .flatMap(({ pieces }) => pieces.filter(({ kind }) => kind !== "free"))
        .map(({ start, stop }) => [start, stop]);
    return merge(busy).reduce((sum, [start, stop]) => sum + stop - start, 0);
}

function sameItems({ items }, { items: others }) {
    return (
        items.length === others.length && items.every((item, at) => item === others[at])
    );
}
