import { Component } from "@odoo/owl";
import { formatSpan } from "./roster_hours";

/** What to put on the chosen days: usual hours, a day off, or something else. */
export class RosterAdd extends Component {
    static template = "salon_booking.RosterAdd";
    static props = [
        "usual",
        "title",
        "isSingle",
        "onChoose",
        "onOther",
        "onPattern",
        "close",
    ];

    formatSpan = formatSpan;

    choose(shift) {
        this.props.close();
        this.props.onChoose(shift);
    }

    other() {
        this.props.close();
        this.props.onOther();
    }

    pattern() {
        this.props.close();
        this.props.onPattern();
    }
}
