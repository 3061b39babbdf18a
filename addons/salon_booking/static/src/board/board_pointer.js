import { _t } from "@web/core/l10n/translation";
import { onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { throttleForAnimation } from "@web/core/utils/timing";

import { snap } from "./layout";

/** What a click, a second click, a hovering mouse and a resting finger mean on the board. */
export class BoardPointer {
    constructor(board) {
        this.board = board;
        this.hover = useRef("hover");
        this.wishMark = useRef("wish");
        for (const name of [
            "onPointerDown",
            "onLeave",
            "onClick",
            "onDoubleClick",
            "onContextMenu",
        ]) {
            this[name] = this[name].bind(this);
        }
        this.onHover = throttleForAnimation(this.onHover.bind(this));
        const { drag } = board;
        // A finger that holds a block must not scroll, nor click when it leaves.
        const onTouch = {
            touchmove: (ev) => drag.held && ev.preventDefault(),
            touchend: (ev) => drag.justDragged && !drag.keys && ev.preventDefault(),
        };
        useEffect(
            (el) => {
                for (const [name, listener] of Object.entries(onTouch)) {
                    el?.addEventListener(name, listener, { passive: false });
                }
                return () => {
                    for (const [name, listener] of Object.entries(onTouch)) {
                        el?.removeEventListener(name, listener);
                    }
                };
            },
            () => [board.scroll.el],
        );
        onWillUnmount(() => this.drag.release());
    }

    get drag() {
        return this.board.drag;
    }

    get operations() {
        return this.board.operations;
    }

    get can() {
        return this.board.model.can;
    }

    /** The column and the minute of the grid under the pointer. */
    timeAt(ev) {
        const { columns, model } = this.board;
        const element = ev.target.closest(".o_salon_board_column");
        const column =
            element && columns.find(({ key }) => key === element.dataset.key);
        if (!column) {
            return null;
        }
        const y = ev.clientY - element.getBoundingClientRect().top;
        const minute = column.origin + y / this.drag.pixels;
        return { element, column, start: snap(minute, model.slot, column.midnight) };
    }

    onPointerDown(ev) {
        this.onLeave();
        this.drag.onPointerDown(ev);
    }

    onHover(ev) {
        const hover = this.hover.el;
        if (!hover) {
            return;
        }
        const isFree =
            ev.pointerType === "mouse" &&
            !this.drag.held &&
            this.can.book &&
            !ev.target.closest(".o_salon_block, [data-open]");
        const at = isFree && this.timeAt(ev);
        hover.hidden = !at;
        if (at) {
            this.place(hover, at);
        }
    }

    onLeave() {
        if (this.hover.el) {
            this.hover.el.hidden = true;
        }
    }

    /** Put a mark at a time of a column. */
    place(mark, { element, column, start }) {
        const top = (start - column.origin) * this.drag.pixels + element.offsetTop;
        mark.style.left = 0; // in any direction of writing
        mark.style.width = `${element.offsetWidth}px`;
        mark.style.transform = `translate(${element.offsetLeft}px, ${top}px)`;
        mark.textContent = this.board.model.clockOf(column).time(start);
    }

    /** Show on the board where the visit that is being entered would begin. */
    markWish() {
        const { isOpen, branch, staff, start } = this.operations.wish;
        const mark = this.wishMark.el;
        if (!mark) {
            return;
        }
        const column = this.board.columns.find(
            (each) =>
                each.kind === "staff" &&
                each.branch === branch &&
                each.id === staff &&
                each.origin <= start &&
                start < each.end,
        );
        mark.hidden = !isOpen || !column;
        if (!mark.hidden) {
            this.place(mark, {
                element: this.board.columnOf(column.key),
                column,
                start,
            });
        }
    }

    onClick(ev) {
        if (this.drag.keys) {
            return this.drag.pointAt(ev);
        }
        if (this.drag.justDragged || this.drag.held) {
            return;
        }
        const block = ev.target.closest(".o_salon_block");
        if (block) {
            return this.board.openCard(block);
        }
        const busy = ev.target.closest("[data-open]");
        if (busy) {
            return this.openBusy(busy);
        }
        const at = this.timeAt(ev);
        if (at && this.can.book) {
            return this.operations.book(at.column, at.start);
        }
    }

    /** What is no appointment: a block is edited here, a group has a page of its own. */
    openBusy({ dataset }) {
        const id = Number(dataset.id);
        return dataset.open === "block"
            ? this.operations.dialogOf("salon.block", id, _t("Blocked time"))
            : this.operations.open("salon.group.event", id);
    }

    onDoubleClick(ev) {
        const block = ev.target.closest(".o_salon_block");
        const found = block && this.drag.find(block);
        if (found) {
            this.board.card.close();
            this.operations.openVisit(found.item.appointment);
        }
    }

    onContextMenu(ev) {
        ev.preventDefault();
        if (this.drag.held || this.drag.isTouch) {
            return; // the finger that rests opens it when it leaves
        }
        const element = ev.target.closest("[data-drag]");
        if (element) {
            return this.board.openMenu(element, ev);
        }
        const at = this.timeAt(ev);
        if (at && this.can.book) {
            this.board.bus.trigger("open", { x: ev.clientX, y: ev.clientY, ...at });
        }
    }
}
