import { Component, useState } from "@odoo/owl";

import { clock } from "./board_clock";

/** Where we are now; the only thing that is drawn again as time goes by. */
export class NowLine extends Component {
    static template = "salon_booking.BoardNowLine";
    static props = { origin: Number, end: Number, model: Object };

    setup() {
        this.clock = useState(clock);
    }

    get isShown() {
        return this.props.origin <= this.clock.now && this.clock.now < this.props.end;
    }
}
