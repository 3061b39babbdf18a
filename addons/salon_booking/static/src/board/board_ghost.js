import { _t } from "@web/core/l10n/translation";

/** What floats over the board: a copy of the block, and a label that says the answer. */
export class BoardGhost {
    /**
     * @param {object} held what is in the hand
     * @param {HTMLElement} [source] the element it was taken from
     */
    constructor(held, source) {
        this.held = held;
        this.el = document.createElement("div");
        this.el.className = "o_salon_ghost";
        this.el.style.left = 0; // in any direction of writing; moved by transform
        this.el.style.setProperty("--length", held.minutes);
        this.el.setAttribute("aria-hidden", "true");
        if (held.isWhole && source?.dataset.column) {
            this.el.append(this.copyOf(source));
        } else {
            this.el.classList.add("o_salon_ghost_plain");
            this.el.textContent = held.name;
        }
        this.label = document.createElement("div");
        this.label.className = "o_salon_ghost_label";
        this.lines = [document.createElement("b"), document.createElement("div")];
        for (const line of this.lines) {
            line.dir = "auto"; // a time is read from the left everywhere
        }
        this.label.append(...this.lines);
        this.el.append(this.label);
    }

    copyOf(source) {
        const copy = source.cloneNode(true);
        for (const name of ["tabindex", "role", "data-drag", "data-key", "data-open"]) {
            copy.removeAttribute(name);
        }
        copy.classList.remove("o_salon_held");
        return copy;
    }

    /** Who holds it without a button pressed says so here. */
    addButtons(put, leave) {
        const buttons = document.createElement("div");
        buttons.className = "o_salon_ghost_buttons";
        for (const [name, css, run] of [
            [_t("Put it here"), "btn-primary", put],
            [_t("Leave it"), "btn-secondary", leave],
        ]) {
            const button = document.createElement("button");
            button.type = "button";
            button.tabIndex = -1;
            button.className = `btn btn-sm ${css}`;
            button.textContent = name;
            button.addEventListener("click", (ev) => {
                ev.stopPropagation();
                run();
            });
            buttons.append(button);
        }
        this.label.append(buttons);
    }

    /** At a place of the board, with what is said about it. */
    show({ left, top, width, minutes, verdict, time, who }) {
        const { style, classList } = this.el;
        style.width = `${width}px`;
        style.setProperty("--length", minutes);
        style.transform = `translate(${left}px, ${top}px)`;
        classList.toggle("o_salon_free", verdict.ok === true);
        classList.toggle("o_salon_taken", verdict.ok === false);
        this.lines[0].textContent = time;
        this.lines[1].textContent =
            verdict.why || [who, verdict.text].filter(Boolean).join(" · ");
    }

    get text() {
        return this.lines.map((each) => each.textContent).join(", ");
    }
}
