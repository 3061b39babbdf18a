import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

import { STATE_ACTIONS } from "./board_menu";

/** All keys of the board. */
export class BoardHelp extends Component {
    static template = "salon_booking.BoardHelp";
    static components = { Dialog };
    static props = { close: Function };

    groups = [
        {
            name: _t("Board"),
            keys: [
                ["N", _t("Book")],
                ["L", _t("Block time")],
                ["T", _t("Today")],
                ["Shift + ← →", _t("The day before or after")],
                ["W", _t("Waitlist and to be moved")],
                ["Ctrl + Z", _t("Undo")],
                ["?", _t("This help")],
            ],
        },
        {
            name: _t("Chosen appointment"),
            keys: [
                ["← ↑ → ↓", _t("Go to the next one")],
                ["Enter", _t("Show the visit")],
                ["O", _t("Open the visit")],
                ["M", _t("Move with the arrow keys")],
                ["K", _t("Book once more")],
                ["H", _t("Hand one part to another person")],
                ["P", _t("Check out")],
                ["Shift + F10", _t("Menu")],
            ],
        },
        {
            name: _t("State"),
            keys: Object.values(STATE_ACTIONS).map(({ key, name }) => [
                key.length === 1 ? key.toUpperCase() : "Delete",
                name,
            ]),
        },
        {
            name: _t("Mouse"),
            keys: [
                [_t("Drag"), _t("Move")],
                [_t("Ctrl + drag"), _t("Book once more")],
                [_t("Shift + drag"), _t("Hand one part to another person")],
                [_t("Lower edge"), _t("Longer or shorter")],
                [_t("Right click"), _t("Menu")],
            ],
        },
        {
            name: _t("Finger"),
            keys: [
                [_t("Tap"), _t("Show the visit")],
                [_t("Hold, then move"), _t("Move")],
                [_t("Hold, then let go"), _t("Menu")],
            ],
        },
    ];
}
