import { Component } from "@odoo/owl";
import { parseFloat } from "@web/views/fields/parsers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Drafts } from "@salon_booking/my_day/drafts";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

/** What was mixed and used in the user's services of a visit. */
export class SalonMyMaterials extends Component {
    static template = "salon_stock.MyMaterials";
    static props = { visit: Object, reload: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.drafts = new Drafts();
    }

    async then(work) {
        try {
            await work;
        } finally {
            await this.props.reload();
        }
    }

    saveFormula(service, ev) {
        const text = ev.target.value;
        const save = async () => {
            await this.orm.write("salon.appointment", [service.appointment_id], {
                formula: text.trim(),
            });
            this.drafts.settle(this.formulaKey(service), text);
        };
        return this.then(save());
    }

    formulaKey(service) {
        return `formula-${service.appointment_id}`;
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
            this.drafts.settle(material.id, ev.target.value);
            ev.target.value = material.quantity;
            return;
        }
        const text = ev.target.value;
        const save = async () => {
            await this.orm.write("salon.consumption", [material.id], { quantity });
            this.drafts.settle(material.id, text);
        };
        return this.then(save());
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
