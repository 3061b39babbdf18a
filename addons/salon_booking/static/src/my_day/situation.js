const LIVE = ["booked", "confirmed"];

/** Whole minutes since 1970, as the server counts them. */
export const minuteNow = () => Math.floor(Date.now() / 60000);

/**
 * What is to be known of an appointment right now: somebody waits, is late, takes
 * longer than planned, or leaves the stylist free while something works in.
 *
 * @param {Object} entry as from `salon.my.day`
 * @param {number} now minute
 * @returns {{kind: string, minutes: number}|null}
 */
export function situation(entry, now) {
    if (LIVE.includes(entry.state)) {
        return now > entry.start ? { kind: "late", minutes: now - entry.start } : null;
    }
    if (entry.state === "arrived") {
        const since = Math.max(entry.arrived_minute, entry.start);
        return now > since ? { kind: "waiting", minutes: now - since } : null;
    }
    if (entry.state !== "in_service") {
        return null;
    }
    const begun = entry.started_minute || entry.start;
    const over = now - begun - (entry.stop - entry.start);
    if (over > 0) {
        return { kind: "over", minutes: over };
    }
    const phase = phaseAt(entry, now - begun);
    return phase?.is_free ? { kind: "free", minutes: phase.left } : null;
}

/** The phase that runs so many minutes after the real start, with what is left of it. */
export function phaseAt(entry, elapsed) {
    let passed = 0;
    for (const phase of entry.phases || []) {
        passed += phase.minutes;
        if (elapsed < passed) {
            return { ...phase, left: passed - elapsed };
        }
    }
    return null;
}
