import { describe, expect, test } from "@odoo/hoot";
import { Deferred, tick } from "@odoo/hoot-dom";
import { BoardModel } from "@salon_booking/board/board_model";
import { Mutex } from "@web/core/utils/concurrency";

describe.current.tags("headless");

/** A board whose questions are answered by the test, when it wants. */
function boardModel(values = {}) {
    const questions = [];
    const applied = [];
    const model = Object.assign(Object.create(BoardModel.prototype), {
        asked: 0,
        data: {},
        refreshing: new Mutex(),
        view: { loading: false },
        config: { span: "day", date: "2031-06-12", branch: 1 },
        call() {
            questions.push(new Deferred());
            return questions.at(-1);
        },
        apply: (data) => applied.push(data),
        ...values,
    });
    return { model, questions, applied };
}

test("what was read earlier never comes last", async () => {
    const { model, questions, applied } = boardModel();
    const both = [model.refresh([5]), model.refresh([5])];
    await tick();
    expect(questions.length).toBe(1);
    questions[0].resolve("as it was");
    await tick();
    questions[1].resolve("as it is");
    await Promise.all(both);
    expect(applied).toEqual(["as it was", "as it is"]);
});

test("what changes while a day is loaded is asked for afterwards", async () => {
    const loaded = new Deferred();
    const view = { loading: true };
    const { model, questions, applied } = boardModel({ loaded, view });
    const refreshed = model.refresh([5]);
    await tick();
    expect(questions.length).toBe(0);
    view.loading = false;
    loaded.resolve();
    await tick();
    questions[0].resolve("as it is");
    await refreshed;
    expect(applied).toEqual(["as it is"]);
});

test("a day that cannot be loaded leaves the date of the columns above them", async () => {
    const loads = [];
    const { model } = boardModel({
        drawn: { branch: 1, branches: null, date: "2031-06-12", span: "day" },
        call() {
            loads.push(new Deferred());
            return loads.at(-1);
        },
    });
    const turned = model.set({ date: "2031-06-13" });
    const again = model.set({ date: "2031-06-14" });
    loads[0].reject(new Error("no connection"));
    await expect(turned).rejects.toThrow("no connection");
    expect(model.config.date).toBe("2031-06-14", { message: "still being loaded" });
    loads[1].reject(new Error("no connection"));
    await expect(again).rejects.toThrow("no connection");
    expect(model.config.date).toBe("2031-06-12");
});

test("a load that ends after the board was left writes nothing into the address", async () => {
    const { model, questions } = boardModel({
        take: () => {},
        draw: () => {},
        remember: () => expect.step("remembered"),
    });
    const loaded = model.load();
    model.isLeft = true;
    questions[0].resolve({});
    await loaded;
    expect.verifySteps([]);
});
