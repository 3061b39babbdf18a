import { describe, expect, test } from "@odoo/hoot";
import { BoardDrawer } from "@salon_booking/board/board_drawer";

describe.current.tags("headless");

test("a click says which guest of a party it takes, so that a second one takes no more", async () => {
    const asked = [];
    const drawer = Object.assign(Object.create(BoardDrawer.prototype), {
        props: {
            model: { load() {}, loadDrawer() {} },
            operations: {
                orm: { call: async (...question) => asked.push(question) && null },
            },
        },
    });
    await drawer.start({ id: 5, seated: 1 });
    expect(asked).toEqual([
        [
            "salon.walk.in",
            "action_start",
            [[5]],
            { context: { salon_walk_in_guest: 2 } },
        ],
    ]);
});
