import { Component } from "@odoo/owl";
import { parseFloat } from "@web/views/fields/parsers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

/** What was mixed and used in the user's services of a visit. */
export class SalonMyMaterials extends Component {
    static template = "salon_stock.MyMaterials";
    static props = { visit: Object, reload: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
    }

    async then(work) {
        try {
            await work;
        } finally {
            await this.props.reload();
        }
    }

    saveFormula(service, ev) {
        const formula = ev.target.value.trim();
        if (formula !== service.formula) {
            return this.then(
                this.orm.write("salon.appointment", [service.appointment_id], {
                    formula,
                }),
            );
        }
    }

    act(service, method) {
        return this.then(
            this.orm.call("salon.appointment", method, [[service.appointment_id]]),
        );
    }

    setQuantity(material, ev) {
        let quantity;
        try {
            quantity = parseFloat(ev.target.value);
        } catch {
            this.notification.add(_t("Enter a number."), { type: "warning" });
            ev.target.value = material.quantity;
            return;
        }
        return this.then(
            this.orm.write("salon.consumption", [material.id], { quantity }),
        );
    }

    add(service) {
        this.dialog.add(SelectCreateDialog, {
            resModel: "product.product",
            title: _t("Which material was used?"),
            domain: [["type", "=", "consu"]],
            multiSelect: false,
            noCreate: true,
            onSelected: ([id]) =>
                this.then(
                    this.orm.create("salon.consumption", [
                        {
                            appointment_id: service.appointment_id,
                            product_id: id,
                            quantity: 1,
                        },
                    ]),
                ),
        });
    }
}

registry.category("salon_my_visit_sections").add("materials", {
    Component: SalonMyMaterials,
    isShown: (visit) => visit.formulas?.some((service) => !service.is_lost),
});
