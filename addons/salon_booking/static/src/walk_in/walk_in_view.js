import { onMounted, onWillStart, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** Waits grow by themselves, and somebody gets free without anybody touching this. */
const EVERY = 30000;

/** The queue of walk-ins, which follows what happens around it. */
export class WalkInController extends KanbanController {
    setup() {
        super.setup();
        this.bus = useService("bus_service");
        const orm = useService("orm");
        let branches = [];
        onWillStart(async () => (branches = await orm.search("salon.branch", [])));
        // Whatever is booked or given back changes what those who wait can expect.
        const follow = useDebounced(() => this.follow(), 300);
        onMounted(() => {
            branches.forEach((id) => this.bus.addChannel(`salon.board_${id}`));
            this.bus.subscribe("salon.board", follow);
            this.timer = setInterval(() => this.follow(), EVERY);
        });
        onWillUnmount(() => {
            this.bus.unsubscribe("salon.board", follow);
            clearInterval(this.timer);
        });
    }

    async follow() {
        // What is being looked at is not taken away from under the pointer.
        if (!document.hidden && !document.querySelector(".modal")) {
            await this.model.load();
        }
    }
}

registry.category("views").add("salon_walk_in", {
    ...kanbanView,
    Controller: WalkInController,
});
