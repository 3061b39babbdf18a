import { describe, expect, test } from "@odoo/hoot";
import { Deferred } from "@odoo/hoot-dom";
import { KeepLast } from "@web/core/utils/concurrency";
import { SalonMyDay } from "@salon_booking/my_day/my_day";

describe.current.tags("headless");

test("a look at today that comes late does not turn the page back", async () => {
    const questions = [];
    const screen = Object.assign(Object.create(SalonMyDay.prototype), {
        keepLast: new KeepLast(),
        state: {},
        orm: {
            call() {
                questions.push(new Deferred());
                return questions.at(-1);
            },
        },
    });
    screen.load("2031-06-12");
    const turned = screen.load("2031-06-13");
    questions[1].resolve({ day: "2031-06-13" });
    await turned;
    questions[0].resolve({ day: "2031-06-12" });
    await questions[0];
    expect(screen.state.data).toEqual({ day: "2031-06-13" });
});
