import { Component } from "@odoo/owl";

/** The hours beside the columns. */
export class TimeRuler extends Component {
    static template = "salon_booking.BoardTimeRuler";
    static props = { origin: Number, end: Number, model: Object };

    get hours() {
        const { origin, end, model } = this.props;
        const hours = [];
        for (let minute = origin; minute < end; minute += 60) {
            hours.push({ at: minute - origin, label: model.clock.hour(minute) });
        }
        return hours;
    }
}
