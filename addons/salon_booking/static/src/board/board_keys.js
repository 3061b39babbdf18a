import { useHotkey } from "@web/core/hotkeys/hotkey_hook";

import { STATE_ACTIONS } from "./board_menu";

/** The keys of the board, and those of the block that has the focus. */
export function useBoardKeys(board) {
    const { drag, focus, model, operations } = board;
    const on = (selector) => ({
        area: () => board.body.el,
        isAvailable: (target) => Boolean(target.closest(selector)),
    });
    const turn = (direction) => model.turn(board.isRtl ? -direction : direction);
    useHotkey("n", () => model.can.book && board.bookAtFocus());
    useHotkey("l", () => operations.block(...focus.time));
    useHotkey("t", () => board.goToday());
    useHotkey("w", () => model.can.book && board.toggleDrawer());
    useHotkey("control+z", () => operations.undo());
    useHotkey("shift+arrowleft", () => turn(-1));
    useHotkey("shift+arrowright", () => turn(1));
    for (const [key, dx, dy] of [
        ["arrowup", 0, -1],
        ["arrowdown", 0, 1],
        ["arrowleft", -1, 0],
        ["arrowright", 1, 0],
    ]) {
        useHotkey(
            key,
            ({ target }) => focus.step(target.closest(".o_salon_block"), dx, dy),
            { ...on(".o_salon_block"), allowRepeat: true },
        );
    }
    const onBlock = (hotkey, run) =>
        useHotkey(
            hotkey,
            ({ target }) => {
                const element = target.closest(".o_salon_block");
                const found = drag.find(element);
                return found && run({ element, ...found });
            },
            on(".o_salon_block"),
        );
    onBlock("enter", ({ element }) => board.openCard(element));
    onBlock("space", ({ element }) => board.openCard(element));
    onBlock("o", ({ item }) => operations.openVisit(item.appointment));
    useHotkey(
        "m",
        ({ target }) => focus.hold(target.closest("[data-drag]"), "move"),
        { ...on("[data-drag]"), area: () => board.main.el }, // with the drawer
    );
    onBlock("k", ({ element }) => focus.hold(element, "copy"));
    onBlock("h", ({ element }) => board.openMenu(element, null, { part: null }));
    onBlock("p", ({ item }) => model.can.book && operations.checkout(item.appointment));
    for (const [state, { key }] of Object.entries(STATE_ACTIONS)) {
        onBlock(key, ({ item }) => {
            focus.again = item.key;
            return operations.setState(item.appointment, state);
        });
    }
}

/** What the host's hotkeys do not know. */
export function onBoardKeydown(board, ev) {
    const busy = ev.target.closest("[data-open]");
    if (ev.key === "?") {
        board.help();
    } else if (busy && ev.key === "Enter") {
        board.pointer.openBusy(busy);
    } else if (ev.key === "ContextMenu" || (ev.shiftKey && ev.key === "F10")) {
        const element = ev.target.closest("[data-drag]");
        if (element) {
            ev.preventDefault();
            board.openMenu(element);
        }
    }
}
