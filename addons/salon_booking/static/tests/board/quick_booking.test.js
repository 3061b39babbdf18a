import { describe, expect, test } from "@odoo/hoot";
import { Deferred, tick } from "@odoo/hoot-dom";
import { KeepLast } from "@web/core/utils/concurrency";
import { QuickBooking } from "@salon_booking/quick_booking/quick_booking";

describe.current.tags("headless");

/** A panel that was never drawn, whose questions are answered by the test. */
function panel(state) {
    const questions = [];
    const booking = Object.assign(Object.create(QuickBooking.prototype), {
        keepLast: new KeepLast(),
        memo: {},
        state: { ready: { branch: 1 }, services: [], recalled: [], ...state },
        call() {
            questions.push(new Deferred());
            return questions.at(-1);
        },
    });
    return { booking, questions };
}

test("what one client had last time is not offered to the next one", async () => {
    const { booking, questions } = panel({ client: { id: 1 } });
    const first = booking.recall();
    booking.state.client = { id: 2 };
    const second = booking.recall();
    questions[1].resolve(["hers"]);
    await second;
    questions[0].resolve(["of the one before"]);
    await first;
    expect(booking.state.recalled).toEqual(["hers"]);
});

test("an answer about a service that was taken away is not shown", async () => {
    const { booking, questions } = panel({ services: [[3, false]] });
    booking.ask();
    booking.state.services = [];
    await booking.ask();
    questions[0].resolve({ offer: { label: "10:00" } });
    await tick();
    expect(booking.state.offer).toBe(null);
    expect(booking.state.answer).toBe(null);
    expect(booking.state.isAsking).toBe(false);
});

test("another person takes over all that was chosen", () => {
    const services = [
        [3, 7],
        [4, false],
    ];
    const { booking } = panel({ services, staff: 7 });
    booking.takeStaff(8);
    expect(booking.state.staff).toBe(8);
    expect(booking.state.services).toEqual([
        [3, 8],
        [4, 8],
    ]);
});
