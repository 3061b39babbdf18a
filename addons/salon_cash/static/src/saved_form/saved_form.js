import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";

import { onMounted } from "@odoo/owl";

/**
 * A question and its answer in one form: saved when it opens and whenever the question
 * changes, because the host opens nothing from lines that are not saved.
 */
export class SavedFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => {
            if (this.model.root.isNew) {
                this.model.root.save();
            }
        });
    }

    get modelParams() {
        const params = super.modelParams;
        const onRecordChanged = (record) => {
            if (record === this.model.root) {
                // Not awaited: saving waits until the change is through.
                record.save();
            }
        };
        return { ...params, hooks: { ...params.hooks, onRecordChanged } };
    }
}

registry.category("views").add("salon_saved_form", {
    ...formView,
    Controller: SavedFormController,
});
