import { describe, expect, test } from "@odoo/hoot";
import {
    arrange,
    freeAreas,
    merge,
    reuse,
    snap,
    subtract,
    toPieces,
    visibleHours,
} from "@salon_booking/board/layout";

describe.current.tags("headless");

const MIA = 1;
const OLEG = 2;

function colour(start, { wash = MIA } = {}) {
    return {
        start,
        stop: start + 90,
        staff: MIA,
        phases: [
            ["work", start, start + 30, MIA, [7]],
            ["processing", start + 30, start + 65, false, [7]],
            ["finish", start + 65, start + 85, wash, [8]],
            ["cleanup", start + 85, start + 90, wash, [8]],
        ],
    };
}

function by(staff) {
    return (phase) => phase[3] === staff;
}

function item(start, stop, pieces) {
    return { start, stop, pieces: pieces || [{ kind: "work", start, stop }] };
}

function places(items) {
    return arrange(items).map(({ lane, lanes, inset }) => [lane, lanes, inset]);
}

test("spans are merged, and what is taken is left out", () => {
    expect(
        merge([
            [5, 9],
            [1, 3],
            [3, 6],
        ]),
    ).toEqual([[1, 9]]);
    expect(
        subtract(
            [[0, 10]],
            [
                [2, 4],
                [8, 12],
            ],
        ),
    ).toEqual([
        [0, 2],
        [4, 8],
    ]);
    expect(subtract([[0, 10]], [[0, 10]])).toEqual([]);
});

test("processing is free in the column of the person", () => {
    const pieces = toPieces(colour(600), by(MIA), true);
    expect(pieces.map(({ kind, start, stop }) => [kind, start, stop])).toEqual([
        ["work", 600, 630],
        ["free", 630, 665],
        ["work", 665, 685],
        ["tail", 685, 690],
    ]);
});

test("a part that somebody else does stands in that person's column alone", () => {
    const washed = colour(600, { wash: OLEG });
    expect(
        toPieces(washed, by(OLEG), false).map(({ start, stop }) => [start, stop]),
    ).toEqual([
        [665, 685],
        [685, 690],
    ]);
    expect(toPieces(washed, by(MIA), true).at(-1)).toEqual({
        kind: "free",
        start: 630,
        stop: 690,
        phase: -1,
    });
});

test("a place is taken only in the phases that need it", () => {
    const pieces = toPieces(colour(600), ([, , , , held]) => held.includes(8), false);
    expect(pieces[0].start).toBe(665);
});

test("what overlaps lies side by side, what follows has the whole width", () => {
    expect(places([item(0, 60), item(30, 90), item(90, 120)])).toEqual([
        [0, 2, 0],
        [1, 2, 0],
        [0, 1, 0],
    ]);
});

test("three at once share the width, a chain takes the first free lane again", () => {
    expect(places([item(0, 60), item(10, 20), item(15, 70), item(65, 80)])).toEqual([
        [0, 3, 0],
        [1, 3, 0],
        [2, 3, 0],
        [0, 3, 0],
    ]);
});

test("another client in the processing time is set in, not squeezed", () => {
    const pieces = toPieces(colour(600), by(MIA), true);
    expect(places([item(600, 690, pieces), item(630, 660)])).toEqual([
        [0, 1, 0],
        [0, 1, 1],
    ]);
});

test("the hours shown begin and end on whole hours", () => {
    expect(
        visibleHours(
            [
                [1000 + 545, 1000 + 700],
                [1000 + 600, 1000 + 1025],
            ],
            1000,
        ),
    ).toEqual([540, 1080]);
    expect(visibleHours([], 0)).toEqual([540, 1080]);
});

test("minutes snap to the grid of the day", () => {
    expect(snap(607, 15, 0)).toBe(600);
    expect(snap(607, 15, 5)).toBe(605);
});

test("free areas cover what the appointment would cover", () => {
    expect(freeAreas([600, 615, 700], 30)).toEqual([
        [600, 645],
        [700, 730],
    ]);
});

test("what did not change stays the same object", () => {
    const before = [
        { key: 1, signature: "a" },
        { key: 2, signature: "b" },
    ];
    const after = reuse(
        before,
        [
            { key: 1, signature: "a" },
            { key: 2, signature: "c" },
        ],
        ({ key }) => key,
    );
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
});
