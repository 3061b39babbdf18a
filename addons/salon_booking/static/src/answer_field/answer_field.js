import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useBooking } from "../slots_field/booking";

/** Why a wished time cannot be had, and the nearest ones that can, to be clicked. */
export class SalonAnswerField extends Component {
    static template = "salon_booking.AnswerField";
    static props = { ...standardFieldProps };

    setup() {
        this.booking = useBooking(this);
    }

    get answer() {
        return this.props.record.data[this.props.name] || null;
    }

    plan(time) {
        return time.plan
            .map(({ time, service, person }) => `${time} ${service} ${person}`)
            .join(" · ");
    }
}

export const salonAnswerField = {
    component: SalonAnswerField,
    supportedTypes: ["json"],
};

registry.category("fields").add("salon_answer", salonAnswerField);
