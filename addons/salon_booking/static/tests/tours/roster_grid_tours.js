import { registry } from "@web/core/registry";

const cell = (person, day) =>
    `.o_salon_roster tr:has(th:contains(${person})) td:eq(${day})`;

registry.category("web_tour.tours").add("salon_manager_plans_a_week", {
    steps: () => [
        {
            content: "Look at next week, which nobody has planned",
            trigger: ".o_salon_roster button[title=Later]",
            run: "click",
        },
        {
            content: "It is not the week of today any more",
            trigger: ".o_salon_roster_table:not(:has(.o_salon_roster_today))",
        },
        {
            content: "Weekly hours count there",
            trigger: `${cell("Mia", 0)}:contains(9 – 18)`,
        },
        {
            content: "A click on Monday",
            trigger: cell("Mia", 0),
            run({ anchor }) {
                anchor.dispatchEvent(
                    new PointerEvent("pointerdown", { bubbles: true }),
                );
                window.dispatchEvent(new PointerEvent("pointerup"));
            },
        },
        {
            content: "offers the usual hours",
            trigger: ".o_salon_roster_add button:contains(9 – 18)",
            run: "click",
        },
        {
            content: "The shift is there as a draft",
            trigger: `${cell("Mia", 0)} .o_salon_roster_draft`,
        },
        {
            content: "It moves to Tuesday",
            trigger: `${cell("Mia", 0)} .o_salon_roster_shift`,
            async run({ drag_and_drop }) {
                await drag_and_drop(cell("Mia", 1), { position: "center" });
            },
        },
        {
            content: "and is there",
            trigger: `${cell("Mia", 1)} .o_salon_roster_draft`,
        },
        {
            content: "A day off for Oleg was a mistake",
            trigger: cell("Oleg", 2),
            run({ anchor }) {
                anchor.dispatchEvent(
                    new PointerEvent("pointerdown", { bubbles: true }),
                );
                window.dispatchEvent(new PointerEvent("pointerup"));
            },
        },
        {
            trigger: ".o_salon_roster_add button:contains(Day off)",
            run: "click",
        },
        {
            trigger: `${cell("Oleg", 2)} .o_salon_roster_free`,
        },
        {
            content: "One key takes it back",
            trigger: ".o_salon_roster",
            run: "press ctrl+z",
        },
        {
            trigger: `${cell("Oleg", 2)}:not(:has(.o_salon_roster_shift))`,
        },
        {
            content: "The team is told",
            trigger: ".o_salon_roster_publish:contains(1)",
            run: "click",
        },
        {
            trigger: `${cell("Mia", 1)} .o_salon_roster_shift:not(.o_salon_roster_draft)`,
        },
    ],
});

const press = (keys) => ({
    async run({ anchor, press }) {
        anchor.focus();
        await press(keys);
    },
});

registry.category("web_tour.tours").add("salon_manager_plans_by_keys", {
    steps: () => [
        {
            trigger: ".o_salon_roster button[title=Later]",
            run: "click",
        },
        {
            trigger: ".o_salon_roster_table:not(:has(.o_salon_roster_today))",
        },
        {
            content: "From Monday to Tuesday",
            trigger: cell("Mia", 0),
            ...press("shift+ArrowRight"),
        },
        {
            content: "both are marked",
            trigger: `.o_salon_roster:has(.o_salon_roster_marked:eq(1))`,
        },
        {
            trigger: `${cell("Mia", 1)}.o_salon_roster_marked`,
            ...press("Enter"),
        },
        {
            trigger: ".o_salon_roster_add:contains(2 days) button:contains(9 – 18)",
            run: "press Enter",
        },
        {
            content: "Two drafts",
            trigger: `${cell("Mia", 0)} .o_salon_roster_draft`,
        },
        {
            content: "One of them is cut",
            trigger: cell("Mia", 1),
            ...press("ctrl+x"),
        },
        {
            trigger: `${cell("Mia", 1)} .o_salon_roster_cut`,
        },
        {
            content: "and put on Thursday",
            trigger: cell("Mia", 3),
            ...press("ctrl+v"),
        },
        {
            trigger: `${cell("Mia", 3)} .o_salon_roster_draft`,
        },
        {
            content: "Monday is copied for Oleg",
            trigger: cell("Mia", 0),
            ...press("ctrl+c"),
        },
        {
            trigger: cell("Oleg", 0),
            ...press("ctrl+v"),
        },
        {
            trigger: `${cell("Oleg", 0)} .o_salon_roster_draft`,
        },
        {
            content: "Mia's own Monday goes",
            trigger: cell("Mia", 0),
            ...press("Delete"),
        },
        {
            trigger: `${cell("Mia", 0)}:not(:has(.o_salon_roster_shift))`,
        },
    ],
});
