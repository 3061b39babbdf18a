import { registry } from "@web/core/registry";

const dates = ".o_field_widget[name=date_ids]";

registry.category("web_tour.tours").add("salon_receptionist_books_a_series", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(Clara of the Tour) .o_data_cell[name=client_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_plan].btn-primary",
            run: "click",
        },
        {
            content: "One of the dates is taken, with who is busy",
            trigger: `${dates} .o_data_row:contains(Not free):contains(Mia)`,
        },
        {
            content: "Another time is taken for this date alone",
            trigger: `${dates} .o_data_row:contains(Not free) .o_salon_proposal`,
            run: "click",
        },
        {
            content: "Nothing speaks against it any more",
            trigger: `${dates}:not(:contains(Not free)) .o_data_row`,
        },
        {
            trigger: ".o_form_view button[name=action_book].btn-primary",
            run: "click",
        },
        {
            content: "All dates are visits",
            trigger: ".o_arrow_button_current[data-value=active]",
        },
        {
            trigger:
                ".o_form_view button[name=action_view_visits] .o_stat_value:contains(3)",
        },
    ],
});
