import { onMounted, onWillUnmount, useEffect, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { debounce } from "@web/core/utils/timing";
import { useService } from "@web/core/utils/hooks";

import { tick } from "./board_clock";

/** Changes of others are gathered so long (ms), and so many are asked for at once. */
const GATHER = 120;
const AT_ONCE = 50;
/** The clock is looked at so often (ms). */
const TICK = 15000;

/** Follow what others do, told by ids alone, and the clock. */
export function useBoardLive(board) {
    const busService = useService("bus_service");
    const pending = new Set();
    let isStale = false;
    let isGone = false;
    let timer;
    const ask = debounce(async () => {
        const visits = [...pending];
        pending.clear();
        if (isGone) {
            return;
        }
        const all = isStale || visits.length > AT_ONCE;
        isStale = false;
        await (all ? board.model.load() : board.model.refresh(visits));
    }, GATHER);
    const askDrawer = debounce(() => {
        if (!isGone && board.view.ready) {
            board.model.loadDrawer();
        }
    }, GATHER);
    const onMessage = ({ branch, days, visits = [], hours, drawer }) => {
        const { model } = board;
        if (
            drawer &&
            model.shows(branch) &&
            !(days.length && model.shows(branch, days))
        ) {
            askDrawer();
        }
        if (!days.length || !model.shows(branch, days)) {
            return;
        }
        isStale ||= hours;
        visits.forEach((visit) => pending.add(visit));
        ask();
    };
    const onBack = () => board.model.load();
    useEffect(
        (shown) => {
            // Never left again: other screens may listen to the same ones.
            for (const branch of shown.split(",").filter(Boolean)) {
                busService.addChannel(`salon.board_${branch}`);
            }
        },
        () => [board.model.shown.join(",")],
    );
    onMounted(() => {
        busService.subscribe("salon.board", onMessage);
        busService.addEventListener("BUS:RECONNECT", onBack);
        timer = browser.setInterval(tick, TICK);
    });
    onWillUnmount(() => {
        isGone = true;
        board.model.isLeft = true;
        busService.unsubscribe("salon.board", onMessage);
        busService.removeEventListener("BUS:RECONNECT", onBack);
        browser.clearInterval(timer);
    });
    useExternalListener(document, "visibilitychange", () => {
        if (document.visibilityState === "visible") {
            tick();
        }
    });
}
