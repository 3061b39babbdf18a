import { describe, expect, test } from "@odoo/hoot";
import { BranchClock } from "@salon_booking/board/board_clock";
import { buildColumns } from "@salon_booking/board/board_columns";

describe.current.tags("headless");

const [BRANCH, MIA, CHAIR] = [1, 7, 7];
const [NINE, SIX] = [9 * 60, 18 * 60];
const USUAL_DAY = "2031-06-12";
const CLOCKS_CHANGE = ["2031-03-30", "2031-10-26"];

/** A clock on a wall in Berlin, without the host's formats. */
const berlin = Object.assign(Object.create(BranchClock.prototype), {
    zone: "Europe/Berlin",
});

function columnsOf(
    dates,
    { appointments = [], person = null, who = "people", mia = {}, blocks = [] } = {},
) {
    const windows = dates.map((date) => [
        berlin.minute(date, NINE),
        berlin.minute(date, SIX),
    ]);
    const { columns } = buildColumns(
        {
            branches: [{ id: BRANCH, days: [] }],
            staff: [{ id: MIA, branch: BRANCH, name: "Mia", windows, ...mia }],
            facilities: [{ id: CHAIR, branch: BRANCH, name: "Chair", windows }],
            appointments: new Map(appointments.map((each) => [each.id, each])),
            visits: {},
            blocks,
        },
        {
            dates,
            person,
            who,
            everybody: false,
            tone: () => "",
            clockOf: () => berlin,
        },
    );
    return columns;
}

function haircut(id, wall, values = {}) {
    const start = berlin.minute(USUAL_DAY, wall);
    return {
        id,
        visit: id,
        staff: MIA,
        branch: BRANCH,
        day: USUAL_DAY,
        start,
        stop: start + 45,
        state: "booked",
        phases: [["work", start, start + 45, MIA, [CHAIR]]],
        ...values,
    };
}

test("also on the days on which clocks change a day is drawn from nine to six", () => {
    for (const date of [USUAL_DAY, ...CLOCKS_CHANGE]) {
        const [{ origin, end, windows }] = columnsOf([date]);
        const shift = [berlin.minute(date, NINE), berlin.minute(date, SIX)];
        expect([origin, end]).toEqual(shift, { message: date });
        expect(windows).toEqual([shift], { message: date });
    }
});

test("in a week with such a day nine o'clock is at the same height in each column", () => {
    const dates = ["2031-03-29", "2031-03-30", "2031-03-31"];
    const columns = columnsOf(dates, { person: MIA });
    expect(columns.map(({ origin }) => origin)).toEqual(
        dates.map((date) => berlin.minute(date, NINE)),
    );
    const [saturday, sunday] = columns;
    const ten = berlin.minute(saturday.date, 600);
    expect(ten + sunday.zero - saturday.zero).toBe(berlin.minute(sunday.date, 600));
});

test("how full a day is follows what is on it", () => {
    const booked = (...appointments) =>
        columnsOf([USUAL_DAY], { appointments })[0].bookedMinutes;
    expect(booked()).toBe(0);
    expect(booked(haircut(1, NINE), haircut(2, NINE + 30))).toBe(75);
    expect(booked(haircut(1, NINE, { state: "no_show" }))).toBe(0);
});

test("people, places or both have columns, and nobody only with something in it", () => {
    const appointments = [haircut(1, NINE)];
    const kinds = (who, more = []) =>
        columnsOf([USUAL_DAY], { who, appointments: [...appointments, ...more] }).map(
            ({ kind, items }) => [kind, items.map(({ id }) => id)],
        );
    expect(kinds("people")).toEqual([["staff", [1]]]);
    expect(kinds("places")).toEqual([["facility", [1]]]);
    const unassigned = haircut(2, NINE, { staff: false, phases: [] });
    expect(kinds("both", [unassigned])).toEqual([
        ["nobody", [2]],
        ["staff", [1]],
        ["facility", [1]],
    ]);
});

test("breaks, time off and what is blocked leave the rest as it was", () => {
    const at = (wall) => berlin.minute(USUAL_DAY, wall);
    const block = { id: 3, kind: "block", staff: MIA, label: "Training" };
    const [column] = columnsOf([USUAL_DAY], {
        mia: {
            breaks: [[at(720), at(750)]],
            off: [[at(960), at(SIX), "Time off"]],
        },
        blocks: [{ ...block, start: at(NINE), stop: at(600) }],
    });
    expect(column.windows).toEqual([
        [at(NINE), at(720)],
        [at(750), at(960)],
    ]);
    expect(column.breaks).toEqual([[at(720), at(750)]]);
    expect(column.off).toEqual([[at(960), at(SIX), "Time off"]]);
    expect(column.blocks.map(([start, stop]) => [start, stop])).toEqual([
        [at(NINE), at(600)],
    ]);
});
