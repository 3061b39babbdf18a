import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Times for a whole visit by day and people; a click on one takes it. */
export class SalonOffersField extends Component {
    static template = "salon_booking.OffersField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ date: null, busy: false });
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

    get days() {
        return this.props.record.data[this.props.name]?.days || [];
    }

    /** The chosen day, else the first one with a free time. */
    get day() {
        const chosen = this.days.find((day) => day.date === this.state.date);
        return chosen || this.days.find((day) => day.count) || this.days[0];
    }

    dayClass({ date, count }) {
        const colour = date === this.day.date ? "btn-primary" : "btn-light";
        return count ? colour : `${colour} opacity-50`;
    }

    avatar(team) {
        return imageUrl("hr.employee.public", team.avatar, "avatar_128");
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

    async take(team, time) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const { record } = this.props;
        try {
            if (!(await record.save())) {
                return;
            }
            const action = await this.orm.call(record.resModel, "action_take", [
                [record.resId],
                time.start,
                team.staff,
            ]);
            await this.action.doAction(action);
        } catch (error) {
            // Somebody was faster: show what is left beside the message.
            await record.load();
            throw error;
        } finally {
            this.state.busy = false;
        }
    }
}

export const salonOffersField = {
    component: SalonOffersField,
    supportedTypes: ["json"],
};

registry.category("fields").add("salon_offers", salonOffersField);
