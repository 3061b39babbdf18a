import { _t } from "@web/core/l10n/translation";
import { Component, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useBus } from "@web/core/utils/hooks";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";

import { STATE_LABELS } from "./board_model";

/** Key, icon and name of each state one can go to. */
export const STATE_ACTIONS = {
    booked: { key: "b", icon: "fa-undo", name: _t("Back to booked") },
    confirmed: { key: "c", icon: "fa-check", name: STATE_LABELS.confirmed },
    arrived: { key: "a", icon: "fa-sign-in", name: STATE_LABELS.arrived },
    in_service: { key: "s", icon: "fa-play", name: STATE_LABELS.in_service },
    done: { key: "d", icon: "fa-flag-checkered", name: STATE_LABELS.done },
    no_show: { key: "x", icon: "fa-user-times", name: STATE_LABELS.no_show },
    cancelled: { key: "delete", icon: "fa-times", name: _t("Cancel…") },
};

/**
 * What can be done with an appointment, a free time or a block; at the pointer, at the
 * focused block, on a phone from below.
 */
export class BoardMenu extends Component {
    static template = "salon_booking.BoardMenu";
    static components = { Dropdown, DropdownItem };
    static props = { bus: Object, model: Object, operations: Object, hold: Function };

    setup() {
        this.anchor = useRef("anchor");
        this.dropdown = useDropdownState();
        this.state = useState({ items: [] });
        useBus(this.props.bus, "open", ({ detail }) => this.open(detail));
    }

    open({ x, y, ...what }) {
        this.dropdown.close();
        this.state.items = what.item ? this.ofItem(what) : this.ofTime(what);
        Object.assign(this.anchor.el.style, { left: `${x}px`, top: `${y}px` });
        // The popover is placed anew only when it is opened anew.
        Promise.resolve().then(() => this.dropdown.open());
    }

    ofItem({ item, element }) {
        const { operations, hold, model } = this.props;
        const { appointment } = item;
        const moves = operations.moves(appointment);
        const act = (id, icon, name, key, run) => ({ id, icon, name, key, run });
        const states = Object.entries(STATE_ACTIONS)
            .filter(([state]) => moves.includes(state))
            .map(([state, { icon, name, key }]) =>
                act(
                    state,
                    icon,
                    name,
                    key.length === 1 ? key.toUpperCase() : "Del",
                    () => operations.setState(appointment, state),
                ),
            );
        const items = [
            act("open", "fa-external-link", _t("Open visit"), "O", () =>
                operations.openVisit(appointment),
            ),
            ...states.filter(({ id }) => id !== "cancelled"),
        ];
        if (model.can.book) {
            items.push(
                act("move", "fa-arrows", _t("Move"), "M", () => hold(element, "move")),
                act("copy", "fa-clone", _t("Book once more"), "K", () =>
                    hold(element, "copy"),
                ),
            );
            if (appointment.staff) {
                items.push(
                    act("unassign", "fa-user-o", _t("Take from this person"), "", () =>
                        operations.change(appointment, { staff: false }),
                    ),
                );
            }
            items.push(
                act("checkout", "fa-money", _t("Check out"), "P", () =>
                    operations.checkout(appointment),
                ),
            );
        }
        items.push(...states.filter(({ id }) => id === "cancelled"));
        if (
            moves.includes("cancelled") &&
            model.appointmentsOf(appointment).length > 1
        ) {
            items.push(
                act(
                    "cancel_visit",
                    "fa-times-circle",
                    _t("Cancel whole visit…"),
                    "",
                    () => operations.cancelVisit(appointment),
                ),
            );
        }
        return items;
    }

    ofTime({ column, start, block }) {
        const { operations, model } = this.props;
        if (block) {
            return [
                {
                    id: "block",
                    icon: "fa-pencil",
                    name: _t("Edit blocked time"),
                    run: () =>
                        operations.dialogOf("salon.block", block, _t("Blocked time")),
                },
            ];
        }
        return [
            {
                id: "book",
                icon: "fa-plus",
                name: _t("Book at %(time)s", { time: model.clock.time(start) }),
                key: "N",
                run: () => operations.book(column, start),
            },
            {
                id: "block",
                icon: "fa-ban",
                name: _t("Block time…"),
                key: "L",
                run: () => operations.block(column, start),
            },
        ];
    }
}
