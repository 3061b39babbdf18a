import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { imageUrl } from "@web/core/utils/urls";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { saySituation } from "./my_day";
import { Drafts } from "./drafts";
import { shrink } from "./photo";
import { minuteNow, situation } from "./situation";

const LEVELS = {
    danger: { color: "alert-danger", icon: "fa-ban" },
    warning: { color: "alert-warning", icon: "fa-exclamation-triangle" },
    info: { color: "alert-info", icon: "fa-info-circle" },
};

/** Sections that other addons add: `{Component, isShown(visit)}`. */
const sections = registry.category("salon_my_visit_sections");

/** Everything needed to serve one client: what to know, what to do, what to record. */
export class SalonMyVisit extends Component {
    static template = "salon_booking.MyVisit";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    // Known to the client, too: else the address shows a parent without a name.
    static path = "my-visit";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.viewer = useFileViewer();
        this.display = { controlPanel: {} };
        this.levels = LEVELS;
        this.state = useState({
            busy: false,
            isPublic: false,
            visit: null,
            now: minuteNow(),
        });
        this.mutex = new Mutex();
        this.drafts = new Drafts();
        this.load = this.load.bind(this);
        this.root = useRef("root");
        // The day before it was scrolled to its next client.
        onMounted(() => {
            for (let el = this.root.el; el; el = el.parentElement) {
                el.scrollTop = 0;
            }
        });
        onWillStart(async () => {
            if (!this.props.resId) {
                await this.action.doAction("salon_booking.salon_my_day_action", {
                    clearBreadcrumbs: true,
                });
                return;
            }
            this.props.updateActionState?.({ resId: this.props.resId });
            await this.load();
        });
    }

    get visit() {
        return this.state.visit;
    }

    get sections() {
        return sections.getAll().filter((section) => section.isShown(this.visit));
    }

    async load() {
        const visit = await this.orm.call("salon.my.day", "load_visit", [
            this.props.resId,
        ]);
        this.state.visit = visit;
        this.state.now = minuteNow();
        this.env.config.setDisplayName(visit.client);
    }

    situation(service) {
        return saySituation(situation(service, this.state.now));
    }

    nextStep(service) {
        if (["booked", "confirmed", "arrived"].includes(service.state)) {
            return { method: "action_start", label: _t("Start now"), icon: "fa-play" };
        }
        if (service.state === "in_service") {
            return { method: "action_done", label: _t("Finish"), icon: "fa-check" };
        }
        return null;
    }

    /** The first service with something to do; its button stays at hand. */
    get current() {
        return (
            this.visit.services.find((each) => each.state === "in_service") ||
            this.visit.services.find((each) => this.nextStep(each))
        );
    }

    /** One after the other: a note must not be lost because a photo is on its way. */
    then(work) {
        return this.mutex.exec(async () => {
            try {
                await work();
            } finally {
                await this.load();
            }
        });
    }

    /** What more there is to read behind a warning, by the right of the reader. */
    async openWarning(warning) {
        const action = await this.orm.call("salon.visit", warning.action, [
            [this.visit.id],
        ]);
        return this.action.doAction(action);
    }

    /** A tap right after typing waits for the note; a second tap is none. */
    async step(service) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.then(() =>
                this.orm.call("salon.appointment", this.nextStep(service).method, [
                    [service.appointment_id],
                ]),
            );
        } finally {
            this.state.busy = false;
        }
    }

    saveNote(ev) {
        const text = ev.target.value;
        return this.then(async () => {
            await this.orm.write("salon.visit", [this.visit.id], {
                checkout_note: text.trim(),
            });
            this.drafts.settle("note", text);
        });
    }

    async addPhoto(moment, ev) {
        const input = ev.target;
        const files = [...input.files];
        input.value = "";
        if (!files.length) {
            return;
        }
        const consent = this.state.isPublic ? "public" : "internal";
        let images;
        try {
            images = await Promise.all(files.map(shrink));
        } catch {
            this.notification.add(
                _t("This file is no picture that the browser can read."),
                { type: "danger" },
            );
            return;
        }
        await this.then(() =>
            this.orm.create(
                "salon.photo",
                images.map((image) => ({
                    visit_id: this.visit.id,
                    appointment_id: this.current?.appointment_id,
                    moment,
                    consent,
                    image,
                })),
            ),
        );
    }

    photoUrl(photo, field = "image_256") {
        return imageUrl("salon.photo", photo.id, field);
    }

    showPhoto(photo, photos) {
        const files = photos.map((each) => ({
            id: each.id,
            isImage: true,
            isViewable: true,
            displayName: each.moment_label,
            name: each.moment_label,
            defaultSource: this.photoUrl(each, "image"),
            downloadUrl: this.photoUrl(each, "image"),
        }));
        this.viewer.open(files[photos.indexOf(photo)], files);
    }

    deletePhoto(photo) {
        this.dialog.add(ConfirmationDialog, {
            body: _t("Delete this photo for good?"),
            confirmLabel: _t("Delete"),
            confirm: () => this.then(() => this.orm.unlink("salon.photo", [photo.id])),
            cancel: () => {},
        });
    }
}

registry.category("actions").add("salon_my_visit", SalonMyVisit);
