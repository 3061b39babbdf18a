/** Longest side of a photo that leaves the phone. */
export const LONGEST = 1920;

/** Width and height that fit, in the same proportion; never larger than the original. */
export function fit(width, height, longest = LONGEST) {
    const factor = Math.min(1, longest / Math.max(width, height));
    return [Math.round(width * factor), Math.round(height * factor)];
}

/**
 * Make a photo small enough to be sent from a phone, as base64 of a JPEG.
 *
 * Drawing it anew also leaves behind where and with what it was taken.
 */
export async function shrink(file) {
    const bitmap = await window.createImageBitmap(file);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = fit(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL("image/jpeg", 0.85).split(",")[1];
}
