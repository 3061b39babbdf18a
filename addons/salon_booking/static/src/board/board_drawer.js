import { _t } from "@web/core/l10n/translation";
import { Component, onWillStart, useState } from "@odoo/owl";
import { useBus } from "@web/core/utils/hooks";

/** Who waits on a chair, who waits for a time, and whose time has gone. */
export class BoardDrawer extends Component {
    static template = "salon_booking.BoardDrawer";
    static props = { bus: Object, model: Object, operations: Object, close: Function };

    setup() {
        const { model } = this.props;
        this.view = useState(model.view);
        this.state = useState({
            tab: model.view.toMove ? "to_move" : "waitlist",
            walk_ins: [],
            waitlist: [],
            to_move: [],
            ready: false,
        });
        onWillStart(() => {
            this.load(); // the drawer is there at once, its rows when they come
        });
        useBus(this.props.bus, "drawer", () => this.load());
    }

    async load() {
        const { model, operations } = this.props;
        const branches = [model.config.branch];
        const [rows, walkIns] = await Promise.all([
            model.call("drawer", [branches, ...model.range]),
            operations.orm.silent.call("salon.walk.in.queue", "waiting", [branches]),
        ]);
        Object.assign(this.state, rows, { walk_ins: walkIns, ready: true });
        // What is dragged from here onto a free time is looked up there.
        model.toMove = rows.to_move;
    }

    get tabs() {
        const { walk_ins } = this.state;
        return [
            { name: "walk_ins", title: _t("Walk-ins"), count: walk_ins.length },
            { name: "waitlist", title: _t("Waitlist"), count: this.view.waiting },
            { name: "to_move", title: _t("To be moved"), count: this.view.toMove },
        ];
    }

    get entries() {
        return this.state[this.state.tab];
    }

    get emptyText() {
        return {
            walk_ins: _t("Nobody is waiting in the salon."),
            waitlist: _t("Nobody is on the waitlist."),
            to_move: _t("Everybody who is booked can be served."),
        }[this.state.tab];
    }

    name({ client }) {
        return client?.name || _t("Walk-in");
    }

    time(minute) {
        return this.props.model.clock.time(minute);
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

    async start({ id }) {
        await this.walkIn("action_start", id);
        await this.props.model.load();
    }

    leave({ id }) {
        return this.walkIn("action_leave", id);
    }

    async walkIn(method, id) {
        const { orm } = this.props.operations;
        const action = await orm.call("salon.walk.in", method, [[id]]);
        await (action ? this.act(action) : this.load());
    }

    act(action) {
        return this.props.operations.action.doAction(action, {
            onClose: () => this.load(),
        });
    }
}
