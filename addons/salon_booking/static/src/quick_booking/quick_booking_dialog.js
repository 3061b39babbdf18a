import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { QuickBooking } from "./quick_booking";

/** The quick booking on its own, over whatever is on the screen. */
export class QuickBookingDialog extends Component {
    static template = "salon_booking.QuickBookingDialog";
    static components = { Dialog, QuickBooking };
    static props = { ...QuickBooking.props };

    get booking() {
        return this.props;
    }
}

/** From everywhere: one button in the top bar, or Alt+Shift+B. */
export class QuickBookingButton extends Component {
    static template = "salon_booking.QuickBookingButton";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
    }

    open() {
        this.dialog.add(QuickBookingDialog, {});
    }
}

registry.category("actions").add("salon_quick_booking", (env, { params = {} }) => {
    env.services.dialog.add(QuickBookingDialog, params);
});

/** Only whoever may book sees the button. */
registry.category("services").add("salon_quick_booking", {
    dependencies: ["dialog"],
    async start() {
        if (await user.hasGroup("salon_booking.group_salon_receptionist")) {
            registry
                .category("systray")
                .add(
                    "salon_booking.QuickBooking",
                    { Component: QuickBookingButton },
                    { sequence: 90 },
                );
        }
    },
});
