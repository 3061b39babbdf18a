import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";

import { BoardBlock } from "./board_block";

/** The day of one person or place. Rendered again only when something in it changes. */
export class BoardColumn extends Component {
    static template = "salon_booking.BoardColumn";
    static components = { BoardBlock };
    static props = {
        column: Object,
        model: Object,
        isFirst: { type: Boolean, optional: true },
    };

    style(start, stop) {
        return `--start: ${start - this.props.column.origin}; --length: ${stop - start}`;
    }

    /** Blocks and groups can be opened, holds and what is elsewhere can not. */
    opens({ kind }) {
        return ["block", "event"].includes(kind) ? kind : undefined;
    }

    get label() {
        const { column, model } = this.props;
        const name = column.name || _t("Nobody yet");
        return _t("%(name)s, %(count)s appointments", {
            name: model.isTogether
                ? `${name}, ${model.branchName(column.branch)}`
                : name,
            count: column.items.length,
        });
    }
}
