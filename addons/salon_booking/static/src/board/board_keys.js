import { useHotkey } from "@web/core/hotkeys/hotkey_hook";

import { STATE_ACTIONS } from "./board_menu";

/** The keys of the board, and those of the block that has the focus. */
export function useBoardKeys(board, { area, turn }) {
    const inBody = {
        area,
        isAvailable: (target) => Boolean(target.closest(".o_salon_block")),
    };
    const onBlock = (hotkey, run) =>
        useHotkey(hotkey, ({ target }) => board.withBlock(target, run), inBody);
    useHotkey("n", () => board.bookAtFocus());
    useHotkey("l", () => board.operations.block(...board.focusedTime()));
    useHotkey("t", () => board.goToday());
    useHotkey("w", () => board.toggleDrawer());
    useHotkey("control+z", () => board.operations.undo());
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
            ({ target }) => board.step(target.closest(".o_salon_block"), dx, dy),
            { ...inBody, allowRepeat: true },
        );
    }
    onBlock("enter", ({ block }) => board.openCard(block));
    onBlock("space", ({ block }) => board.openCard(block));
    onBlock("o", ({ item }) => board.operations.openVisit(item.appointment));
    onBlock("m", ({ block }) => board.hold(block, "move"));
    onBlock("k", ({ block }) => board.hold(block, "copy"));
    onBlock("p", ({ item }) => board.operations.checkout(item.appointment));
    for (const [state, { key }] of Object.entries(STATE_ACTIONS)) {
        onBlock(key, ({ item }) => {
            board.lookAgain = item.key;
            return board.operations.setState(item.appointment, state);
        });
    }
}
