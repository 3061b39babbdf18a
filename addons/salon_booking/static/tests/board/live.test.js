import { describe, expect, test } from "@odoo/hoot";
import { LiveBadge } from "@salon_booking/board/live_badge";
import { NowLine } from "@salon_booking/board/now_line";

describe.current.tags("headless");

/** Of a component that was never drawn. */
function shown(Component, values, name) {
    return Object.assign(Object.create(Component.prototype), values)[name];
}

/** What stands on an appointment from ten to eleven, as [minutes, sign, is it long]. */
function badge(state, now, arrived) {
    const appointment = { state, start: 600, stop: 660, arrived };
    const found = shown(LiveBadge, { props: { appointment }, clock: { now } }, "badge");
    return found && [found.minutes, found.sign || "", found.isLong];
}

test("who waits, who is late and what runs over is counted in minutes", () => {
    expect(badge("arrived", 598, 590)).toEqual([8, "", false]);
    expect(badge("arrived", 605, 590)).toEqual([15, "", true]);
    expect(badge("booked", 599)).toBe(null);
    expect(badge("confirmed", 607)).toEqual([7, "", false]);
    expect(badge("booked", 615)).toEqual([15, "", true]);
    expect(badge("in_service", 655)).toBe(null);
    expect(badge("in_service", 668)).toEqual([8, "+", true]);
    expect(badge("done", 668)).toBe(null);
});

test("the line of now is there while the hours of the board last", () => {
    const props = { column: { origin: 540, end: 1080 }, columns: 4, clock: {} };
    const line = (now, name, more = {}) =>
        shown(NowLine, { props: { ...props, ...more }, time: { now } }, name);
    expect(line(539, "isShown")).toBe(false);
    expect(line(600, "isShown")).toBe(true);
    expect(line(1080, "isShown")).toBe(false);
    expect(line(600, "style")).toBe("--start: 60");
    expect(line(600, "style", { index: 1, count: 2 })).toBe(
        "--start: 60; --from: 0.25; --to: 0.75",
    );
});
