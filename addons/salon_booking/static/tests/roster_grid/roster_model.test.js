import { describe, expect, test } from "@odoo/hoot";
import { RosterModel } from "@salon_booking/roster_grid/roster_model";

describe.current.tags("headless");

test("a deleted shift comes back in its own branch, whichever is shown by then", async () => {
    const placed = [];
    const day = { date: "2031-06-09" };
    const orm = {
        unlink() {},
        call(model, method, args, { branch_id } = {}) {
            if (method === "load") {
                return Promise.resolve({ branch: { id: branch_id }, days: [day] });
            }
            placed.push(...args[0]);
            return Promise.resolve([9]);
        },
    };
    const model = new RosterModel(orm, { branch: 1, span: 7 });
    const shift = { id: 5, from: 9, to: 17, draft: true };
    await model.remove(shift, { staff: 7, date: day.date });
    await model.load({ branch: 2 });
    expect(await model.undo()).toBe(true);
    expect(placed.map(({ branch, staff }) => [branch, staff])).toEqual([[1, 7]]);
});
