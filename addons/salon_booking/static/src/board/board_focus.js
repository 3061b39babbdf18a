/** Which appointment has the focus: one of them is in the order of tabs, arrows do the rest. */
export class BoardFocus {
    constructor(board) {
        this.board = board;
        /** The key of the block that is looked at again when it has been drawn anew. */
        this.again = null;
    }

    get blocks() {
        return [...(this.board.body.el?.querySelectorAll(".o_salon_block") || [])];
    }

    blockOf(key) {
        return this.blocks.find(({ dataset }) => dataset.key === key);
    }

    /** The same appointment with somebody else, or on another day. */
    elsewhere(key) {
        const id = key.split("-")[1];
        return this.blocks.find(({ dataset }) => dataset.id === id);
    }

    onDrawn() {
        const { blocks } = this;
        if (!blocks.some(({ tabIndex }) => tabIndex === 0)) {
            blocks[0]?.setAttribute("tabindex", 0);
        }
        if (this.again && !this.board.drag.held) {
            const block = this.blockOf(this.again) || this.elsewhere(this.again);
            this.again = null;
            if (document.activeElement === document.body) {
                block?.focus({ preventScroll: true }); // else somebody is typing
            }
        }
    }

    onFocusin(ev) {
        const block = ev.target.closest(".o_salon_block");
        if (block) {
            for (const other of this.blocks.filter(({ tabIndex }) => tabIndex === 0)) {
                other.setAttribute("tabindex", -1);
            }
            block.setAttribute("tabindex", 0);
        }
    }

    /** To the next appointment of the day, or to the one beside it. */
    step(block, dx, dy) {
        const { columns, drag, isRtl } = this.board;
        const { item, column } = drag.find(block);
        let next;
        if (dy) {
            next = column.items[column.items.indexOf(item) + dy];
        } else {
            const side = isRtl ? -dx : dx;
            let at = columns.indexOf(column) + side;
            while (columns[at] && !columns[at].items.length) {
                at += side;
            }
            const distance = (each) =>
                Math.abs(each.start - each.origin - item.start + item.origin);
            next = columns[at]?.items.reduce((best, each) =>
                distance(each) < distance(best) ? each : best,
            );
        }
        const element = next && this.blockOf(next.key);
        element?.focus();
        element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    /** Where the focus is: the end of the focused appointment, else nowhere. */
    get time() {
        const block = document.activeElement?.closest?.(".o_salon_block");
        const found = block && this.board.drag.find(block);
        return found?.item ? [found.column, found.item.stop] : [null, null];
    }

    /** Hold what has the focus, to be moved by arrows or by a click. */
    hold(element, mode) {
        const { key } = element.dataset;
        // Through a menu the element may be another one by now.
        const held = (key && this.blockOf(key)) || element;
        this.again = key;
        held.focus();
        this.board.drag.holdStill(held, mode);
    }
}
