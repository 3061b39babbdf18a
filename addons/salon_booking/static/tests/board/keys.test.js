import { beforeEach, expect, press, test } from "@odoo/hoot";
import { Component, useRef, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { useBoardKeys } from "@salon_booking/board/board_keys";

defineMailModels();

const can = { book: true };

/** No more of a board than its keys and one block. */
class Board extends Component {
    static template = xml`
        <div t-ref="body"><div class="o_salon_block" tabindex="0">Clara</div></div>`;
    static props = {};

    setup() {
        this.body = useRef("body");
        this.main = this.body;
        this.model = { can };
        this.focus = { time: [] };
        this.drag = { find: () => ({ item: { appointment: {} } }) };
        this.operations = { checkout: () => expect.step("checkout") };
        useBoardKeys(this);
    }

    bookAtFocus() {
        expect.step("book");
    }

    toggleDrawer() {
        expect.step("drawer");
    }
}

async function pressAll() {
    await mountWithCleanup(Board);
    document.querySelector(".o_salon_block").focus();
    for (const key of ["n", "w", "p"]) {
        await press(key);
    }
}

beforeEach(() => {
    can.book = true;
});

test("whoever books opens bookings, the drawer and the checkout by key", async () => {
    await pressAll();
    expect.verifySteps(["book", "drawer", "checkout"]);
});

test("whoever may not book opens none of them by key", async () => {
    can.book = false;
    await pressAll();
    expect.verifySteps([]);
});
