import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks for one sentence: why something that is not planned is done all the same. */
export class ReasonDialog extends Component {
    static template = "salon_booking.ReasonDialog";
    static components = { Dialog };
    static props = { title: String, text: String, give: Function, close: Function };

    setup() {
        this.state = useState({ reason: "" });
        useAutofocus();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.give();
        }
    }

    give() {
        const reason = this.state.reason.trim();
        if (reason) {
            this.props.close();
            this.props.give(reason);
        }
    }
}
