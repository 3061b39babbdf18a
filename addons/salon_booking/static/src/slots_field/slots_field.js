import { Component, useEffect, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useBooking } from "./booking";

/** Free times by day, of people or of whole visits; a click on one books it. */
export class SalonSlotsField extends Component {
    static template = "salon_booking.SlotsField";
    static props = { ...standardFieldProps };

    setup() {
        this.booking = useBooking(this);
        this.state = useState({ date: null, onlyBest: false });
        // The days change with every wish: stay on the chosen one while it is there.
        useEffect(
            () => {
                if (!this.days.some((day) => day.date === this.state.date)) {
                    this.state.date = null;
                }
            },
            () => [this.days],
        );
    }

    get slots() {
        return this.props.record.data[this.props.name] || { service: false, days: [] };
    }

    get days() {
        return this.slots.days;
    }

    /** The chosen day, else the first one with a free time. */
    get day() {
        const chosen = this.days.find((day) => day.date === this.state.date);
        return chosen || this.days.find((day) => day.count) || this.days[0];
    }

    get visits() {
        return this.shown(this.day.visits);
    }

    get people() {
        return this.day.people.filter((person) => this.shown(person.times).length);
    }

    /** All times, or the best ones alone. */
    shown(times) {
        const onlyBest = this.state.onlyBest && this.day.has_best;
        return onlyBest ? times.filter((time) => time.is_best) : times;
    }

    dayClass({ date, count }) {
        const colour = date === this.day.date ? "btn-primary" : "btn-light";
        return count ? colour : `${colour} opacity-50`;
    }

    avatar(person) {
        return imageUrl("hr.employee.public", person.id, "avatar_128");
    }

    choose(day) {
        this.state.date = day.date;
    }

    /** Look at the days before or after those shown. */
    async turn(direction) {
        const { date_from, days } = this.props.record.data;
        await this.props.record.update({
            date_from: date_from.plus({ days: direction * days }),
        });
    }

    /** Ask for the reasons of a day without times. */
    async explain() {
        await this.props.record.update({
            wished_day: deserializeDate(this.day.date),
            wished_time: 0,
        });
    }
}

export const salonSlotsField = {
    component: SalonSlotsField,
    supportedTypes: ["json"],
};

registry.category("fields").add("salon_slots", salonSlotsField);
