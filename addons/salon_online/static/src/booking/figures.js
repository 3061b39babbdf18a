/** Figures of the booking pages, without the page. */

/** Add up what is ticked: data of the inputs, and how many others have chosen. */
export function sumOf(rows, others = 0) {
    const sum = { count: others, low: 0, high: 0, minutes: 0 };
    for (const row of rows) {
        sum.count += 1;
        // The server leaves out what is 0.
        sum.low += Number(row.low ?? 0);
        sum.high += Number(row.high ?? 0);
        sum.minutes += Number(row.minutes ?? 0);
    }
    return sum;
}

/** An amount as the server writes it: symbol before or after, a hard space between. */
export function money(amount, { symbol, position, digits }, lang) {
    const figure = new Intl.NumberFormat(lang || "en", {
        minimumFractionDigits: Number(digits ?? 0),
        maximumFractionDigits: Number(digits ?? 0),
    }).format(amount);
    return position === "before"
        ? `${symbol}\u00a0${figure}`
        : `${figure}\u00a0${symbol}`;
}

/** Seconds as 9:05. */
export function clockOf(seconds) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function wallClock(timeZone, moment) {
    return moment.toLocaleString("en-GB", { timeZone });
}

/** Whether clocks in the zone show another time than those of the visitor. */
export function isOtherZone(zone, moment) {
    try {
        return wallClock(zone, moment) !== wallClock(undefined, moment);
    } catch {
        return false;
    }
}
