import { registry } from "@web/core/registry";

const material = ".o_salon_my_material:contains(Colour cream)";

registry.category("web_tour.tours").add("salon_stylist_writes_down_materials", {
    steps: () => [
        {
            content: "What was mixed the last time",
            trigger: ".o_salon_last_formula:contains(7.1 and 8.0 half and half)",
        },
        {
            content: "The recipe says 40 g",
            trigger: `${material} input:value(40)`,
        },
        {
            content: "She takes over what was used then",
            trigger: ".o_salon_same_as_last_time",
            run: "click",
        },
        { trigger: `${material} input:value(33)`, run: "edit 36.5 && press Tab" },
        {
            content: "And says what she changed",
            trigger: ".o_salon_formula_input:value(half and half)",
            run: "edit 7.1 only && press Tab",
        },
        { trigger: `${material} input:value(36.5)` },
        { trigger: ".o_salon_formula_input:value(7.1 only)" },
    ],
});
