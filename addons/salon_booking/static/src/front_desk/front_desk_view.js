import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** On a phone the day in its order says more than one column after the other. */
export class FrontDeskSearchModel extends SearchModel {
    async load(config) {
        const small = { ...config, defaultGroupBy: undefined };
        return super.load(this.env.isSmall ? small : config);
    }
}

registry.category("views").add("salon_front_desk", {
    ...kanbanView,
    SearchModel: FrontDeskSearchModel,
});
