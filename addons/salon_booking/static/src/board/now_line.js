import { Component, useState } from "@odoo/owl";

import { clock } from "./board_clock";

/** Where we are now; the only thing that is drawn again as time goes by. */
export class NowLine extends Component {
    static template = "salon_booking.BoardNowLine";
    static props = {
        column: Object,
        columns: Number,
        index: { type: Number, optional: true },
        count: { type: Number, optional: true },
        clock: Object,
    };

    setup() {
        this.time = useState(clock);
    }

    get isShown() {
        const { origin, end } = this.props.column;
        return origin <= this.time.now && this.time.now < end;
    }

    /** Through all columns, or through those of one branch. */
    get style() {
        const { column, columns, index, count } = this.props;
        const start = `--start: ${this.time.now - column.origin}`;
        return count
            ? `${start}; --from: ${index / columns}; --to: ${(index + count) / columns}`
            : start;
    }
}
