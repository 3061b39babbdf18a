import { _t } from "@web/core/l10n/translation";
import { Component, onWillStart, useState } from "@odoo/owl";
import { useBus } from "@web/core/utils/hooks";

/** Who waits for a time, and whose time has gone. */
export class BoardDrawer extends Component {
    static template = "salon_booking.BoardDrawer";
    static props = { bus: Object, model: Object, operations: Object, close: Function };

    setup() {
        const { model } = this.props;
        this.view = useState(model.view);
        this.state = useState({
            tab: model.view.toMove ? "to_move" : "waitlist",
            waitlist: [],
            to_move: [],
            ready: false,
        });
        onWillStart(() => {
            this.load();
        });
        useBus(this.props.bus, "drawer", () => this.load());
    }

    async load() {
        const { model } = this.props;
        const answer = await model.call("drawer", [
            [model.config.branch],
            ...model.range,
        ]);
        Object.assign(this.state, answer, { ready: true });
        model.toMove = answer.to_move;
    }

    get entries() {
        return this.state[this.state.tab];
    }

    name({ client }) {
        return client?.name || _t("Walk-in");
    }

    openWaiting(entry) {
        return this.props.operations.open("salon.waitlist.entry", entry.id);
    }

    openVisit(entry) {
        return this.props.operations.openVisit(entry);
    }
}
