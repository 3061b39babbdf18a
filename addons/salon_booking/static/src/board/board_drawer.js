import { _t } from "@web/core/l10n/translation";
import { Component, useState } from "@odoo/owl";

import { clock } from "./board_clock";

/** Who waits on a chair, who waits for a time, and whose time has gone. */
export class BoardDrawer extends Component {
    static template = "salon_booking.BoardDrawer";
    static props = { model: Object, operations: Object, set: Function };

    setup() {
        this.view = useState(this.props.model.view);
        this.config = useState(this.props.model.config);
        this.clock = useState(clock);
    }

    get current() {
        return this.view.drawer?.tab || this.config.tab;
    }

    get tabs() {
        const { walkIns, waiting, toMove } = this.view;
        return [
            { name: "walk_ins", title: _t("Walk-ins"), count: walkIns },
            { name: "waitlist", title: _t("Waitlist"), count: waiting },
            { name: "to_move", title: _t("To be moved"), count: toMove },
        ];
    }

    /** The rows of the tab that is open; none as long as they are on their way. */
    get entries() {
        return this.view.drawer?.rows;
    }

    get emptyText() {
        return {
            walk_ins: _t("Nobody is waiting in the salon."),
            waitlist: _t("Nobody is on the waitlist."),
            to_move: _t("Everybody who is booked can be served."),
        }[this.current];
    }

    name({ client }) {
        return client?.name || _t("Walk-in");
    }

    branch({ branch }) {
        const { model } = this.props;
        return model.isTogether ? model.branchName(branch) : "";
    }

    waited({ arrived }) {
        return Math.max(this.clock.now - arrived, 0);
    }

    /** When it will be and with whom; else with whom it was wished. */
    expected(entry) {
        const { model } = this.props;
        const time = entry.expected && model.clockOf(entry).time(entry.expected);
        const names = entry.by.map((id) => model.staffName(id)).filter(Boolean);
        return [time, names.join(", ") || entry.staff].filter(Boolean).join(" · ");
    }

    openWaiting(entry) {
        return this.props.operations.open("salon.waitlist.entry", entry.id);
    }

    openVisit(entry) {
        return this.props.operations.openVisit(entry);
    }

    addWalkIn() {
        return this.act("salon_booking.salon_walk_in_action_add");
    }

    /** One guest more of those who came together, however often it is clicked. */
    async start({ id, seated }) {
        await this.walkIn("action_start", id, { salon_walk_in_guest: seated + 1 });
        await this.props.model.load();
    }

    leave({ id }) {
        return this.walkIn("action_leave", id);
    }

    async walkIn(method, id, context = {}) {
        const { orm } = this.props.operations;
        const action = await orm.call("salon.walk.in", method, [[id]], { context });
        await (action ? this.act(action) : this.props.model.loadDrawer());
    }

    act(action) {
        return this.props.operations.action.doAction(action, {
            onClose: () => this.props.model.loadDrawer(),
        });
    }
}
