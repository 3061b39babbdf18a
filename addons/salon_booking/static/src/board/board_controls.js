import { _t } from "@web/core/l10n/translation";
import { Component, useState } from "@odoo/owl";
import { DateTimePicker } from "@web/core/datetime/datetime_picker";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";

import { BoardHelp } from "./board_help";
import { dayLabel } from "./board_clock";

/** Chosen instead of a branch. */
const ALL = "all";
/** So many branches have a button each; more are in a list. */
const BUTTONS = 4;

/** Which day is shown. */
export class BoardDates extends Component {
    static template = "salon_booking.BoardDates";
    static components = { DateTimePicker, Dropdown };
    static props = { model: Object, today: Function };

    setup() {
        this.model = this.props.model;
        this.config = useState(this.model.config);
        this.picker = useDropdownState();
    }

    get title() {
        const { date, span } = this.config;
        if (!date) {
            return "";
        }
        const short = { day: "numeric", month: "short" };
        if (span === "day") {
            const isThisYear = date.slice(0, 4) === this.model.today.slice(0, 4);
            const year = isThisYear ? {} : { year: "numeric" };
            return dayLabel(date, { weekday: "short", ...short, ...year });
        }
        const [first, last] = this.model.range;
        return `${dayLabel(first, short)} – ${dayLabel(last, short)}`;
    }

    get date() {
        return luxon.DateTime.fromISO(this.config.date || this.model.today);
    }

    get isToday() {
        return this.config.date === this.model.today;
    }

    pick(date) {
        this.picker.close();
        return this.model.set({ date: date.toISODate() });
    }

    goToday() {
        this.picker.close();
        return this.props.today();
    }
}

/** What is shown of that day, of which branch, and how. */
export class BoardControls extends Component {
    static template = "salon_booking.BoardControls";
    static components = { Dropdown, DropdownItem };
    static props = { model: Object, dialog: Object, set: Function };

    spans = [
        ["day", _t("Day")],
        ["person", _t("Person")],
        ["team", _t("Week")],
    ];

    setup() {
        this.model = this.props.model;
        this.config = useState(this.model.config);
        this.view = useState(this.model.view);
    }

    get branches() {
        return this.view.ready ? this.model.branches : [];
    }

    get hasButtons() {
        const { length } = this.branches;
        return length > 1 && length <= BUTTONS && !this.env.isSmall;
    }

    get isTogether() {
        return this.config.span === "day" && Boolean(this.config.branches);
    }

    isShown(branch) {
        return !this.isTogether && branch.id === this.config.branch;
    }

    /** Several branches side by side, a day of each. */
    showAll() {
        const branches = this.branches.map(({ id }) => id);
        return this.props.set({ branches, span: "day" });
    }

    choose(branch) {
        return branch === ALL
            ? this.showAll()
            : this.props.set({ branch: Number(branch) });
    }

    get people() {
        return this.view.ready && this.config.span === "person"
            ? this.model.data.staff
            : [];
    }

    /** On a phone all stands in one menu. */
    get groups() {
        const branches = this.branches.map(({ id, name }) => [id, name]);
        branches.push([ALL, _t("All branches")]);
        const onPhone = [
            ...(this.branches.length > 1
                ? [{ key: "branch", name: _t("Branch"), choices: branches }]
                : []),
            { key: "span", name: _t("Shown"), choices: this.spans },
        ];
        return [
            ...(this.env.isSmall ? onPhone : []),
            {
                key: "who",
                name: _t("Columns"),
                choices: [
                    ["people", _t("People")],
                    ["places", _t("Rooms and stations")],
                    ["both", _t("Both")],
                ],
            },
            {
                key: "colour",
                name: _t("Colour by"),
                choices: [
                    ["state", _t("State")],
                    ["category", _t("Category")],
                    ["staff", _t("Person")],
                ],
            },
            {
                key: "density",
                name: _t("Size"),
                choices: [
                    ["compact", _t("Compact")],
                    ["normal", _t("Normal")],
                    ["roomy", _t("Roomy")],
                ],
            },
        ];
    }

    isChosen(key, choice) {
        if (key === "branch") {
            return choice === ALL ? this.isTogether : this.isShown({ id: choice });
        }
        return this.config[key] === choice;
    }

    select(key, choice) {
        return key === "branch"
            ? this.choose(choice)
            : this.props.set({ [key]: choice });
    }

    get count() {
        return this.view.waiting + this.view.walkIns + this.view.toMove;
    }

    help() {
        this.props.dialog.add(BoardHelp);
    }
}
