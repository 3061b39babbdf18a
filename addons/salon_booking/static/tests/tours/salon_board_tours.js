import { BoardBlock } from "@salon_booking/board/board_block";
import { busService } from "@bus/services/bus_service";
import { onRendered } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

const tours = registry.category("web_tour.tours");

const block = (name) => `.o_salon_board_column [data-drag]:contains(${name})`;
const columnOf = (name) => `[aria-label^=${name}]`;

/** What arrives from the bus; nothing is committed in a test, so nothing is sent. */
const heard = {};
patch(busService, {
    start() {
        const service = super.start(...arguments);
        const { subscribe } = service;
        service.subscribe = (type, callback) => {
            heard[type] = callback;
            return subscribe(type, callback);
        };
        return service;
    },
});

/** How often blocks were drawn. */
const drawn = { blocks: 0 };
patch(BoardBlock.prototype, {
    setup() {
        super.setup();
        onRendered(() => drawn.blocks++);
    },
});

function find(name) {
    return [...document.querySelectorAll(".o_salon_board_column [data-drag]")].find(
        (element) => element.textContent.includes(name),
    );
}

function column(name) {
    return document.querySelector(`.o_salon_board_column[aria-label^="${name}"]`);
}

function frame() {
    return new Promise((resolve) => requestAnimationFrame(resolve));
}

function later(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Take hold of a block with the mouse and carry it some minutes and columns away. */
async function carry(
    name,
    { minutes = 0, to, edge = false, grip = false, ctrlKey = false, shiftKey = false },
) {
    const element = find(name);
    element.scrollIntoView({ block: "center" });
    const parts = [...element.querySelectorAll(".o_salon_piece_work")];
    const part = grip ? parts.at(-1) : null;
    const box = (part || element).getBoundingClientRect();
    const scroll = document.querySelector(".o_salon_board_scroll");
    const pixels = parseFloat(scroll.style.getPropertyValue("--o-salon-minute"));
    const target = edge
        ? element.querySelector(".o_salon_block_resize")
        : part?.querySelector(".o_salon_piece_grip") ||
          element.querySelector(".o_salon_piece_work") ||
          element;
    const from = [box.left + 20, edge ? box.bottom - 2 : box.top + 5];
    const aside = to
        ? column(to).getBoundingClientRect().left -
          element.closest(".o_salon_board_column").getBoundingClientRect().left
        : 0;
    const point = (type, share) =>
        target.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                pointerType: "mouse",
                button: 0,
                clientX: from[0] + aside * share,
                clientY: from[1] + minutes * pixels * share,
                ctrlKey,
                shiftKey,
            }),
        );
    point("pointerdown", 0);
    for (let step = 1; step <= 10; step++) {
        point("pointermove", step / 10);
        await frame();
    }
    return () => point("pointerup", 1);
}

const release = { drop: null };
const drop = { trigger: ".o_salon_ghost", run: () => release.drop() };

function take(name, where) {
    return {
        content: `Take ${name}`,
        trigger: block(name),
        async run() {
            release.drop = await carry(name, where);
        },
    };
}

tours.add("salon_board_receptionist_moves", {
    steps: () => [
        {
            content: "The day is there: who works, who comes, what is free",
            trigger: `${columnOf("Mia")} .o_salon_board_window`,
        },
        take("Clara", { minutes: 60, to: "Oleg" }),
        {
            content: "Before it is dropped one reads that it is free",
            trigger: ".o_salon_ghost.o_salon_free:contains(11:00):contains(Oleg)",
        },
        { content: "Where it would fit is green", trigger: ".o_salon_board_zone" },
        drop,
        {
            content: "It stands there, and it is said how to undo it",
            trigger: ".o_notification:contains(Clara):contains(Undo)",
        },
        {
            trigger: `${columnOf("Oleg")} .o_salon_block:contains(Clara):contains(11:00)`,
        },
        { trigger: "body:not(:has(.o_salon_ghost)):not(:has(.o_salon_board_zone))" },
    ],
});

tours.add("salon_board_receptionist_is_refused", {
    steps: () => [
        take("Clara", { minutes: 120 }),
        {
            content: "Somebody else is there",
            trigger: ".o_salon_ghost.o_salon_taken:contains(Not free)",
        },
        drop,
        {
            content: "One reads why, and what else is possible",
            trigger:
                ".o_salon_refused:contains(Mia):has(.o_notification_buttons button)",
        },
        {
            content: "It is where it was",
            trigger: `${columnOf("Mia")} .o_salon_block:contains(Clara):contains(10:00)`,
        },
    ],
});

tours.add("salon_board_receptionist_lengthens_and_undoes", {
    steps: () => [
        take("Clara", { minutes: 30, edge: true }),
        { trigger: ".o_salon_ghost:contains(11:15)" },
        drop,
        { trigger: `${block("Clara")}:contains(11:15)` },
        {
            content: "Undo by key",
            trigger: ".o_salon_board_scroll",
            run: "press Control+z",
        },
        { trigger: ".o_notification:contains(Undone)" },
        { trigger: `${block("Clara")}:contains(10:45)` },
    ],
});

tours.add("salon_board_moves_to_another_day", {
    steps: () => [
        {
            content: "Take hold of the visit",
            trigger: block("Clara"),
            run: () => find("Clara").focus(),
        },
        { trigger: ".o_salon_block:focus:contains(Clara)", run: "press m" },
        {
            content: "Turn the page with it in the hand",
            trigger: ".o_salon_ghost:contains(10:00):contains(Mia)",
            run: () => document.querySelector(".o_salon_board_next").click(),
        },
        {
            content: "It says what is free there",
            trigger:
                ".o_salon_board:has(.o_salon_board_date:contains(13)) .o_salon_ghost.o_salon_free:contains(10:00)",
        },
        {
            trigger: ".o_salon_ghost_buttons button:contains(Put it here)",
            run: () => document.querySelector(".o_salon_ghost_buttons button").click(),
        },
        { trigger: ".o_notification:contains(Clara)" },
        {
            trigger: `${columnOf("Mia")} .o_salon_block:contains(Clara):contains(10:00)`,
        },
    ],
});

tours.add("salon_board_moves_from_the_drawer", {
    steps: () => [
        { trigger: block("Clara") },
        { trigger: ".o_salon_board_drawer", run: "click" },
        {
            content: "Whose time has gone is taken by key",
            trigger: ".o_salon_drawer_entry[data-drag]:contains(Clara)",
            async run(helpers) {
                helpers.anchor.focus();
                await helpers.press("m");
            },
        },
        {
            content: "It is held with its person, and put to another one",
            trigger: ".o_salon_ghost:contains(10:00):contains(Mia)",
            run: "press ArrowRight",
        },
        { trigger: ".o_salon_ghost.o_salon_free:contains(Oleg)", run: "press Enter" },
        { trigger: `${columnOf("Oleg")} .o_salon_block:contains(Clara)` },
    ],
});

tours.add("salon_board_copies", {
    steps: () => [
        {
            content: "With Ctrl a visit is booked once more where it is dropped",
            trigger: block("Clara"),
            async run() {
                const where = { minutes: 60, to: "Oleg", ctrlKey: true };
                release.drop = await carry("Clara", where);
            },
        },
        { trigger: ".o_salon_ghost:contains(11:00):contains(Oleg)" },
        drop,
        {
            trigger: `${columnOf("Oleg")} .o_salon_block:contains(Clara):contains(11:00)`,
        },
        {
            trigger: `${columnOf("Mia")} .o_salon_block:contains(Clara):contains(10:00)`,
        },
        { trigger: "body:not(:has(.o_salon_ghost))" },
    ],
});

tours.add("salon_board_hands_over_by_mouse", {
    steps: () => [
        {
            content: "The end of the colour, after its processing",
            trigger: block("Wilma"),
            async run() {
                release.drop = await carry("Wilma", { to: "Oleg", grip: true });
            },
        },
        {
            content: "It can be handed over, its time stays",
            trigger: ".o_salon_ghost.o_salon_free:contains(13:05):contains(Oleg)",
        },
        drop,
        {
            content: "It stands in the other column",
            trigger: `${columnOf("Oleg")} .o_salon_block.o_salon_foreign:contains(Wilma)`,
        },
        { trigger: ".o_notification:contains(Oleg):contains(Undo)" },
    ],
});

tours.add("salon_board_hands_over_by_keys", {
    steps: () => [
        {
            content: "The visit has the focus",
            trigger: block("Wilma"),
            run: () => find("Wilma").focus(),
        },
        { trigger: ".o_salon_block:focus:contains(Wilma)", run: "press h" },
        {
            content: "Its parts, without the one in which nobody is busy",
            trigger:
                ".o_salon_board_menu:not(:contains(Processing)) [data-menu=part2]:contains(Finish)",
            run: "press ArrowDown",
        },
        { trigger: ".o_salon_board_menu [data-menu=part2]", run: "click" },
        {
            content: "Who is free",
            trigger:
                ".o_salon_board_menu .o-dropdown-item:contains(Oleg):contains(Free)",
            run: "click",
        },
        {
            trigger: `${columnOf("Oleg")} .o_salon_block.o_salon_foreign:contains(Wilma)`,
        },
        {
            content: "And it is taken back, once the menu is gone",
            trigger:
                "body:not(:has(.o_salon_board_menu)):has(.o_notification:contains(Undo)) .o_salon_board_scroll",
            run: "press Control+z",
        },
        {
            trigger: `body:not(:has(${columnOf("Oleg")} .o_salon_block:contains(Wilma)))`,
        },
        {
            content: "Once more by the menu",
            trigger: block("Wilma"),
            run() {
                find("Wilma").dispatchEvent(
                    new MouseEvent("contextmenu", { bubbles: true, cancelable: true }),
                );
            },
        },
        { trigger: ".o_salon_board_menu [data-menu=part]", run: "click" },
        { trigger: ".o_salon_board_menu [data-menu=part0]:contains(Work)" },
    ],
});

tours.add("salon_board_moves_blocked_time", {
    steps: () => [
        take("Training", { minutes: 60, to: "Oleg" }),
        { trigger: ".o_salon_ghost:contains(16:00):contains(Oleg)" },
        drop,
        {
            trigger: `${columnOf("Oleg")} .o_salon_board_busy:contains(Training)`,
            async run() {
                release.drop = await carry("Training", { minutes: 30, edge: true });
            },
        },
        { trigger: ".o_salon_ghost:contains(17:30)" },
        drop,
        { trigger: ".o_notification:contains(Training):contains(17:30)" },
        {
            content: "Onto somebody's visit it cannot go",
            trigger: "body:not(:has(.o_salon_ghost))",
            async run() {
                release.drop = await carry("Training", { minutes: -240, to: "Mia" });
            },
        },
        { trigger: ".o_salon_ghost.o_salon_taken:contains(Wilma)" },
        drop,
        { trigger: ".o_salon_refused:contains(Wilma)" },
        { trigger: `${columnOf("Oleg")} .o_salon_board_busy:contains(Training)` },
    ],
});

tours.add("salon_board_keys", {
    steps: () => [
        {
            content: "From one client to the next by arrow",
            trigger: block("Clara"),
            run: () => find("Clara").focus(),
        },
        { trigger: ".o_salon_block:focus", run: "press ArrowDown" },
        { trigger: ".o_salon_block:focus:contains(Wilma)", run: "press ArrowUp" },
        {
            content: "She confirmed",
            trigger: ".o_salon_block:focus:contains(Clara)",
            run: "press c",
        },
        {
            content: "The focus stays on her",
            trigger: ".o_salon_block.o_salon_state_confirmed:focus:contains(Clara)",
            run: "press m",
        },
        { trigger: ".o_salon_ghost", run: "press ArrowRight" },
        {
            content: "Moved by the keyboard, told to those who do not see it",
            trigger: ".o_salon_board [aria-live]:contains(Oleg)",
            run: "press Enter",
        },
        {
            content: "The focus goes along",
            trigger: `${columnOf("Oleg")} .o_salon_block:focus:contains(Clara)`,
            run: "press Enter",
        },
        {
            content: "The visit at a glance",
            trigger:
                ".o_salon_visit_card:contains(Clara):contains(Haircut):contains(50.00)",
            run: "press Escape",
        },
        {
            content: "All keys are told",
            trigger:
                "body:not(:has(.o_salon_visit_card)) .o_salon_block:contains(Clara)",
            run(helpers) {
                helpers.anchor.focus();
                helpers.anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "?", bubbles: true }),
                );
            },
        },
        { trigger: ".modal .o_salon_help:contains(Move with the arrow keys)" },
        { trigger: ".modal .btn-close", run: "click" },
        {
            content: "Another day and back",
            trigger: "body:not(:has(.modal)) .o_salon_board_scroll",
            run: "press Shift+ArrowRight",
        },
        { trigger: ".o_salon_board_date:contains(13)", run: "press Shift+ArrowLeft" },
        { trigger: block("Clara") },
    ],
});

/** A key on somebody's visit, wherever the focus is. */
const key = (name, hotkey) => ({
    content: `${hotkey} on ${name}`,
    trigger: `body:not(:has(.modal)) ${block(name)}`,
    async run(helpers) {
        find(name).focus();
        await helpers.press(hotkey);
    },
});

/** The right button of the mouse, on an element or at a place of it. */
function rightClick(element, place = {}) {
    element.dispatchEvent(
        new MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...place }),
    );
}

const isGone = (selector) => ({ trigger: `body:not(:has(${selector}))` });

tours.add("salon_board_every_key", {
    steps: () => [
        key("Clara", "n"),
        {
            content: "A booking begins where the visit ends",
            trigger: ".o_salon_booking_sheet:contains(10:45):contains(Mia)",
            run: "press Escape",
        },
        isGone(".o_salon_booking_sheet"),
        key("Clara", "w"),
        { trigger: ".o_salon_drawer [data-tab=waitlist]" },
        key("Clara", "w"),
        isGone(".o_salon_drawer"),
        key("Clara", "l"),
        {
            content: "Time of the same person is blocked from then on",
            trigger: ".modal:contains(Block time) [name=staff_ids]:contains(Mia)",
        },
        { trigger: ".modal [name=note] input", run: "edit Lunch of the tour" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: `${columnOf("Mia")} .o_salon_board_busy:contains(Lunch)` },
        key("Clara", "p"),
        { trigger: ".modal [name=action_checkout]" },
        { trigger: ".modal .btn-close", run: "click" },
        key("Clara", "o"),
        { trigger: ".o_form_view:contains(Haircut)" },
        { trigger: ".o_breadcrumb .o_back_button", run: "click" },
        key("Wilma", "Delete"),
        { trigger: ".modal [name=reason]" },
        { trigger: ".modal .btn-close", run: "click" },
        key("Wilma", "c"),
        { trigger: ".o_salon_block.o_salon_state_confirmed:contains(Wilma)" },
        key("Wilma", "b"),
        { trigger: ".o_salon_block.o_salon_state_booked:contains(Wilma)" },
        key("Wilma", "x"),
        { trigger: ".o_salon_block.o_salon_state_no_show:contains(Wilma)" },
        key("Clara", "k"),
        {
            content: "Once more, with Oleg",
            trigger: ".o_salon_ghost:contains(Mia)",
            run: "press ArrowRight",
        },
        { trigger: ".o_salon_ghost.o_salon_free:contains(Oleg)", run: "press Enter" },
        { trigger: `${columnOf("Oleg")} .o_salon_block:contains(Clara)` },
        { trigger: `${columnOf("Mia")} .o_salon_block:contains(Clara)` },
        key("Clara", "Control+z"),
        isGone(`${columnOf("Oleg")} .o_salon_block:contains(Clara)`),
        key("Clara", "a"),
        { trigger: ".o_salon_block.o_salon_state_arrived:contains(Clara)" },
        key("Clara", "s"),
        { trigger: ".o_salon_block.o_salon_state_in_service:contains(Clara)" },
        key("Clara", "d"),
        { trigger: ".o_salon_block.o_salon_state_done:contains(Clara)" },
        key("Clara", "t"),
        {
            content: "Today is another day",
            trigger: "body:not(:has(.o_salon_block:contains(Clara)))",
        },
    ],
});

tours.add("salon_board_menus", {
    steps: () => [
        {
            content: "The menu of a visit, by key",
            trigger: block("Clara"),
            run() {
                find("Clara").focus();
                find("Clara").dispatchEvent(
                    new KeyboardEvent("keydown", {
                        key: "F10",
                        shiftKey: true,
                        bubbles: true,
                    }),
                );
            },
        },
        { trigger: ".o_salon_board_menu [data-menu=checkout]", run: "press Escape" },
        isGone(".o_salon_board_menu"),
        {
            content: "The same at the mouse",
            trigger: block("Clara"),
            run: () => rightClick(find("Clara")),
        },
        {
            content: "tells its keys, and what can be done now",
            trigger:
                ".o_salon_board_menu:not(:has([data-menu=booked])) [data-menu=arrived]:contains(A)",
            run: "click",
        },
        { trigger: ".o_salon_block.o_salon_state_arrived:contains(Clara)" },
        {
            content: "Her person is taken from her",
            trigger: "body:not(:has(.o_salon_board_menu))",
            run: () => rightClick(find("Clara")),
        },
        { trigger: ".o_salon_board_menu [data-menu=unassign]", run: "click" },
        {
            trigger:
                ".o_salon_board_column:not([aria-label^=Mia]):not([aria-label^=Oleg]) .o_salon_block:contains(Clara)",
        },
        {
            content: "At a free time, in the last corner of the screen",
            trigger: `${columnOf("Oleg")} .o_salon_board_window`,
            run({ anchor }) {
                const box = anchor
                    .closest(".o_salon_board_column")
                    .getBoundingClientRect();
                rightClick(anchor, {
                    clientX: box.left + 30,
                    clientY: window.innerHeight - 4,
                });
            },
        },
        {
            content: "the menu stays on it",
            trigger: ".o_salon_board_menu [data-menu=book]",
            run({ anchor }) {
                const { bottom, right } = anchor
                    .closest(".o_salon_board_menu")
                    .getBoundingClientRect();
                if (bottom > window.innerHeight || right > window.innerWidth) {
                    throw new Error("The menu hangs over the edge");
                }
            },
        },
        { trigger: ".o_salon_board_menu [data-menu=block]", run: "click" },
        { trigger: ".modal:contains(Block time) [name=staff_ids]:contains(Oleg)" },
        { trigger: ".modal .btn-close", run: "click" },
        isGone(".modal"),
    ],
});

tours.add("salon_board_hears_of_others", {
    steps: () => [
        {
            content: "A visit is taken in the hand, and left where it is",
            trigger: block("Clara"),
            run: () => find("Clara").focus(),
        },
        { trigger: ".o_salon_block:focus:contains(Clara)", run: "press m" },
        { trigger: ".o_salon_ghost", run: "press Escape" },
        {
            trigger: "body:not(:has(.o_salon_ghost)) .o_salon_block:focus",
            run: "press n",
        },
        { content: "A name is typed", trigger: ".o_salon_booking_sheet input:focus" },
        {
            content: "A colleague moves the visit, elsewhere",
            trigger: block("Clara"),
            async run({ anchor }) {
                const id = Number(anchor.dataset.id);
                const [{ visit_id, start }] = await rpc(
                    "/web/dataset/call_kw/salon.appointment/read",
                    {
                        model: "salon.appointment",
                        method: "read",
                        args: [[id], ["visit_id", "start", "branch_id"]],
                        kwargs: {},
                    },
                );
                await rpc("/web/dataset/call_kw/salon.board/change", {
                    model: "salon.board",
                    method: "change",
                    args: [
                        id,
                        {
                            start:
                                luxon.DateTime.fromSQL(start, {
                                    zone: "utc",
                                }).toMillis() /
                                    60000 +
                                240,
                        },
                    ],
                    kwargs: {},
                });
                const branch = new URLSearchParams(location.search).get("branch");
                heard["salon.board"]({
                    branch: Number(branch),
                    days: ["2031-06-12"],
                    visits: [visit_id[0]],
                });
            },
        },
        {
            content: "It appears here",
            trigger: `${columnOf("Mia")} .o_salon_block:contains(Clara):contains(14:00)`,
        },
        {
            content: "Who is typing goes on typing",
            trigger: ".o_salon_booking_sheet input:focus",
        },
    ],
});

tours.add("salon_board_big_day", {
    steps: () => [
        {
            content: "Thirty columns and three hundred blocks are there",
            trigger: ".o_salon_board_column:nth-of-type(30)",
            async run() {
                const blocks = document.querySelectorAll(
                    ".o_salon_board_column .o_salon_block",
                );
                if (blocks.length < 300) {
                    throw new Error(`Only ${blocks.length} blocks`);
                }
                const [{ duration }] =
                    performance.getEntriesByName("salon_board.usable");
                console.warn(`Usable ${Math.round(duration)} ms after the data`);
                if (duration > 3000) {
                    throw new Error(`Usable only after ${duration} ms`);
                }
                await later(50);
                drawn.blocks = 0;
                const started = performance.now();
                release.drop = await carry("Clara", { minutes: 30, to: "Oleg" });
                const perFrame = (performance.now() - started) / 10;
                console.warn(`A move takes ${perFrame.toFixed(1)} ms with its frame`);
                if (drawn.blocks) {
                    throw new Error(`${drawn.blocks} blocks were drawn while dragging`);
                }
            },
        },
        { trigger: ".o_salon_ghost.o_salon_free" },
        drop,
        {
            content: "Only what changed is drawn again",
            trigger: `${columnOf("Oleg")} .o_salon_block:contains(Clara)`,
            async run() {
                await later(300);
                if (!drawn.blocks || drawn.blocks > 6) {
                    throw new Error(`${drawn.blocks} blocks were drawn after the drop`);
                }
            },
        },
    ],
});

/** A click on free time of somebody, so many minutes after the column begins. */
const clickFree = (name, minutes) => ({
    content: `A click on a free time of ${name}`,
    trigger: `${columnOf(name)} .o_salon_board_window`,
    run({ anchor }) {
        const scroll = document.querySelector(".o_salon_board_scroll");
        const pixels = parseFloat(scroll.style.getPropertyValue("--o-salon-minute"));
        scroll.scrollTop = 0;
        const box = anchor.closest(".o_salon_board_column").getBoundingClientRect();
        anchor.dispatchEvent(
            new MouseEvent("click", {
                bubbles: true,
                clientX: box.left + 30,
                clientY: box.top + minutes * pixels,
            }),
        );
    },
});

tours.add("salon_board_books_beside", {
    steps: () => [
        clickFree("Oleg", 65),
        {
            content: "opens a new visit there",
            trigger: ".o_salon_booking_sheet:contains(10:00):contains(Oleg)",
        },
        { trigger: ".o_salon_board_wish:not([hidden]):contains(10:00)" },
        { trigger: ".o_salon_quick_service input", run: "edit Haircut" },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Haircut)",
            run: "click",
        },
        { trigger: ".o_salon_quick_offer:contains(Oleg)" },
        clickFree("Mia", 365),
        {
            content: "What was chosen is with her then",
            trigger: ".o_salon_booking_sheet:contains(15:00):contains(Mia)",
        },
        {
            trigger: ".o_salon_quick_offer:contains(Mia)",
            run: "press Escape",
        },
        { trigger: "body:not(:has(.o_salon_booking_sheet))" },
    ],
});

/** What the browser really paints for a colour, over another one. */
function painted(color, under = "white") {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    for (const each of ["white", under, color]) {
        context.fillStyle = each;
        context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** WCAG 2: from 1 (the same) to 21 (black on white). */
function contrast(color, under) {
    const below = painted(under);
    const light = [painted(color, `rgb(${below.join(",")})`), below].map((rgb) =>
        rgb
            .map((value) => value / 255)
            .map((value) =>
                value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
            )
            .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0),
    );
    return (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
}

function paleParts(element, css, isByState) {
    const main = document.querySelector(".o_salon_board_main");
    main.classList.toggle("o_salon_by_state", isByState);
    element.className = `o_salon_block ${css}`;
    const under = getComputedStyle(
        element.querySelector(".o_salon_piece"),
    ).backgroundColor;
    return [
        [".o_salon_block_name", 4.5],
        [".o_salon_block_service", 4.5],
        [".o_salon_block_time", 4.5],
        [".o_salon_icon_new", 3],
        [".o_salon_icon_debt", 3],
    ]
        .map(([part, least]) => {
            const { color } = getComputedStyle(element.querySelector(part));
            return [part, contrast(color, under), least];
        })
        .filter(([, ratio, least]) => ratio < least)
        .map(([part, ratio]) => `${css} ${part} ${ratio.toFixed(2)}`);
}

tours.add("salon_board_contrast", {
    steps: () => [
        {
            content: "Every colour and state can be read (WCAG AA)",
            trigger: `${block("Clara")}:has(.o_salon_icon_new)`,
            run({ anchor }) {
                const element = anchor.cloneNode(true);
                const icon = element.querySelector(".o_salon_icon_new");
                icon.after(icon.cloneNode());
                icon.nextSibling.className = "fa fa-credit-card o_salon_icon_debt";
                anchor.after(element);
                const states = [
                    ...["booked", "confirmed", "arrived"],
                    ...["in_service", "done", "no_show"],
                ];
                const colours = [...Array(11).keys()];
                const pale = states.flatMap((state) => [
                    ...paleParts(
                        element,
                        `o_salon_tone_${state} o_salon_state_${state}`,
                        true,
                    ),
                    ...colours.flatMap((colour) =>
                        paleParts(
                            element,
                            `o_salon_tone_${colour + 1} o_salon_state_${state}`,
                            false,
                        ),
                    ),
                ]);
                element.remove();
                if (pale.length) {
                    throw new Error(`Too pale: ${pale.join("; ")}`);
                }
            },
        },
    ],
});

tours.add("salon_board_icons", {
    steps: () => [
        {
            content: "What the desk should know stands on the visit",
            trigger: `${block("Clara")} .o_salon_icon_new[title='New client'][role=img][aria-label='New client']`,
        },
        {
            trigger: `${block("Clara")} .o_salon_icon_requested[title='Asked for by name']`,
        },
        { trigger: `${block("Clara")} .o_salon_icon_note[title=Note]` },
        { trigger: `${block("Wilma")} .o_salon_icon_confirmed[title=Confirmed]` },
        {
            content: "and is read out",
            trigger:
                ".o_salon_block[aria-label*='Clara'][aria-label*='New client'][aria-label*='Asked for by name'][aria-label*='Note']",
        },
    ],
});
