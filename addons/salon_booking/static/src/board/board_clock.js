import { is24HourFormat } from "@web/core/l10n/time";
import { localization } from "@web/core/l10n/localization";
import { reactive } from "@odoo/owl";

const { DateTime } = luxon;

export const MINUTE = 60 * 1000;
const NOON = 12 * 60;

/** The minute it is, for all that runs with it: the now-line, waiting, overrun. */
export const clock = reactive({ now: Math.floor(Date.now() / MINUTE) });

/** Clocks of counters go wrong; the server's counts. */
let ahead = 0;

export function tick() {
    clock.now = Math.floor((Date.now() - ahead) / MINUTE);
}

/** @param {number} now the minute it is for the server */
export function setClock(now) {
    const difference = Date.now() - now * MINUTE;
    // The server's minute has begun up to a minute ago.
    ahead = difference < -MINUTE || difference > 2 * MINUTE ? difference : 0;
    tick();
}

/** Minutes since 1970 UTC, read on the wall of one branch. */
export class BranchClock {
    constructor(zone) {
        this.zone = zone;
        this.labels = new Map();
        this.format = is24HourFormat() ? "HH:mm" : "h:mm a";
    }

    at(minute) {
        return DateTime.fromMillis(minute * MINUTE, { zone: this.zone });
    }

    /** The absolute minute of a wall minute of a day, e.g. 540 for nine o'clock. */
    minute(date, wall = 0) {
        const day = DateTime.fromISO(date, { zone: this.zone }).plus({
            days: Math.floor(wall / 1440),
        });
        const moment = day.set({ hour: Math.floor(wall / 60) % 24, minute: wall % 60 });
        return moment.toMillis() / MINUTE;
    }

    /** Twelve hours before noon: from there nine o'clock is 540 on every day. */
    zero(date) {
        return this.minute(date, NOON) - NOON;
    }

    time(minute) {
        if (!this.labels.has(minute)) {
            this.labels.set(minute, this.at(minute).toFormat(this.format));
        }
        return this.labels.get(minute);
    }

    /** Hours only, where that is shorter. */
    hour(minute) {
        return is24HourFormat() ? this.time(minute) : this.at(minute).toFormat("h a");
    }

    span(start, stop) {
        return `${this.time(start)} – ${this.time(stop)}`;
    }

    date(minute) {
        return this.at(minute).toISODate();
    }

    get today() {
        return this.date(clock.now);
    }
}

export function plusDays(date, days) {
    return DateTime.fromISO(date).plus({ days }).toISODate();
}

export function dayLabel(
    date,
    format = { weekday: "short", day: "numeric", month: "short" },
) {
    return DateTime.fromISO(date).toLocaleString(format);
}

/** The days of the week of a date, from the day on which weeks begin here. */
export function weekOf(date) {
    const day = DateTime.fromISO(date);
    const first = day.minus({ days: (day.weekday - localization.weekStart + 7) % 7 });
    return [...Array(7).keys()].map((shift) => first.plus({ days: shift }).toISODate());
}
