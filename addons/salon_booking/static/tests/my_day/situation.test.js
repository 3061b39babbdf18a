import { describe, expect, test } from "@odoo/hoot";
import { phaseAt, situation } from "@salon_booking/my_day/situation";

describe.current.tags("headless");

/** A colour from minute 600 on: 30 work, 35 in which the stylist is free, 25 finish. */
function colour(values) {
    return {
        state: "booked",
        start: 600,
        stop: 690,
        arrived_minute: 0,
        started_minute: 0,
        phases: [
            { name: "Work", minutes: 30, is_free: false },
            { name: "Processing", minutes: 35, is_free: true },
            { name: "Finish", minutes: 25, is_free: false },
        ],
        ...values,
    };
}

test("who has not come is late from the minute after the start", () => {
    expect(situation(colour(), 600)).toBe(null);
    expect(situation(colour(), 607)).toEqual({ kind: "late", minutes: 7 });
    expect(situation(colour({ state: "confirmed" }), 601)).toEqual({
        kind: "late",
        minutes: 1,
    });
});

test("who came early waits from the planned start on, who came late from then", () => {
    const early = colour({ state: "arrived", arrived_minute: 580 });
    expect(situation(early, 595)).toBe(null);
    expect(situation(early, 604)).toEqual({ kind: "waiting", minutes: 4 });
    const late = colour({ state: "arrived", arrived_minute: 610 });
    expect(situation(late, 613)).toEqual({ kind: "waiting", minutes: 3 });
});

test("the stylist is free while something works in, counted from the real start", () => {
    const running = colour({ state: "in_service", started_minute: 610 });
    expect(situation(running, 630)).toBe(null);
    expect(situation(running, 645)).toEqual({ kind: "free", minutes: 30 });
    expect(situation(running, 676)).toBe(null);
});

test("what takes longer than planned is over, whenever it began", () => {
    const running = colour({ state: "in_service", started_minute: 610 });
    expect(situation(running, 700)).toBe(null);
    expect(situation(running, 705)).toEqual({ kind: "over", minutes: 5 });
    const unstamped = colour({ state: "in_service" });
    expect(situation(unstamped, 695)).toEqual({ kind: "over", minutes: 5 });
});

test("nothing is said of what is over", () => {
    for (const state of ["done", "no_show", "cancelled"]) {
        expect(situation(colour({ state }), 900)).toBe(null);
    }
});

test("a phase says what is left of it; behind the last one there is none", () => {
    const { phases } = colour();
    expect(phaseAt({ phases }, 0)).toEqual({ ...phases[0], left: 30 });
    expect(phaseAt({ phases }, 64)).toEqual({ ...phases[1], left: 1 });
    expect(phaseAt({ phases }, 90)).toBe(null);
    expect(phaseAt({}, 0)).toBe(null);
});
