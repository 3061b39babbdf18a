import { _t } from "@web/core/l10n/translation";
import { Component, useState } from "@odoo/owl";
import { QuickBooking } from "@salon_booking/quick_booking/quick_booking";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";

import { dayLabel } from "./board_clock";

/** A new visit, entered beside the board: a click on another free time moves it there. */
export class BookingSheet extends Component {
    static template = "salon_booking.BoardBookingSheet";
    static components = { QuickBooking };
    static props = { wish: Object, model: Object };

    setup() {
        this.wish = useState(this.props.wish);
        useHotkey("escape", () => this.close());
    }

    get title() {
        const { start } = this.wish;
        const clock = this.props.model.clockOf(this.wish);
        return start
            ? `${dayLabel(clock.date(start))}, ${clock.time(start)}`
            : _t("New visit");
    }

    get who() {
        const { model } = this.props;
        const { branch, staff } = this.wish;
        return [
            staff && model.staffName(staff),
            model.isTogether && model.branchName(branch),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    close() {
        this.wish.isOpen = false;
    }

    booked(visit) {
        return this.props.model.refresh([visit]);
    }
}
