import { describe, expect, test } from "@odoo/hoot";
import { fit, LONGEST, shrink } from "@salon_booking/my_day/photo";

/** A picture of one colour, as a phone would hand it over. */
async function picture(width, height) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d").fillRect(0, 0, width, height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

describe("size", () => {
    test("the longest side fits, in the same proportion", () => {
        expect(fit(4000, 3000)).toEqual([LONGEST, 1440]);
        expect(fit(3000, 4000)).toEqual([1440, LONGEST]);
    });

    test("a small picture stays as it is", () => {
        expect(fit(800, 600)).toEqual([800, 600]);
        expect(fit(LONGEST, 10)).toEqual([LONGEST, 10]);
    });
});

test("a photo leaves the phone as a small JPEG", async () => {
    const bytes = window.atob(await shrink(await picture(2400, 1200)));
    expect(bytes.slice(0, 3)).toBe("\xff\xd8\xff");
    const image = await window.createImageBitmap(
        new Blob([Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))]),
    );
    expect([image.width, image.height]).toEqual([LONGEST, 960]);
});

test("what is no picture is refused", async () => {
    await expect(shrink(new Blob(["no picture"]))).rejects.toThrow();
});
