import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";

import { isSettled, STATE_ACTIONS } from "./board_menu";
import { STATE_LABELS } from "./board_model";
import { iconsOf } from "./board_block";

/** The next step first; what else there is stands in the menu. */
const STEPS = ["arrived", "in_service", "done", "confirmed"];

/** A visit at a glance, with what is mostly done next. */
export class VisitCard extends Component {
    static template = "salon_booking.BoardVisitCard";
    static props = {
        appointment: Object,
        model: Object,
        operations: Object,
        menu: Function,
        close: Function,
    };

    get visit() {
        return this.props.model.visitOf(this.props.appointment);
    }

    get client() {
        return this.props.model.clientName(this.props.appointment);
    }

    get appointments() {
        return this.props.model.appointmentsOf(this.props.appointment);
    }

    get stateLabel() {
        return STATE_LABELS[this.props.appointment.state];
    }

    get icons() {
        const icons = this.visit.icons || [];
        return iconsOf(icons.filter((name) => name !== "confirmed")); // the state says it
    }

    get total() {
        const { total } = this.visit;
        const { model, appointment } = this.props;
        return total === undefined
            ? ""
            : formatCurrency(total, model.currencyOf(appointment));
    }

    /** One step more, in the order in which a day goes. */
    get steps() {
        const moves = this.props.operations.moves(this.props.appointment);
        const state = STEPS.find((each) => moves.includes(each));
        const more =
            state === "arrived" && moves.includes("confirmed") ? ["confirmed"] : [];
        return [state, ...more]
            .filter(Boolean)
            .map((each) => ({ state: each, ...STATE_ACTIONS[each] }));
    }

    get canCheckout() {
        return this.props.model.can.book && !isSettled(this.visit);
    }

    run(act) {
        this.props.close();
        return act();
    }

    setState(state) {
        const { operations, appointment } = this.props;
        return this.run(() => operations.setState(appointment, state));
    }

    open() {
        return this.run(() => this.props.operations.openVisit(this.props.appointment));
    }

    checkout() {
        return this.run(() => this.props.operations.checkout(this.props.appointment));
    }

    more() {
        return this.run(this.props.menu);
    }
}
