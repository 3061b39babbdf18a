/**
 * What is being typed, kept through the renderings that other work brings about.
 *
 * OWL sets the value of an input anew whenever it renders, which would throw away the
 * words of somebody who types while a photo is on its way.
 */
export class Drafts {
    texts = new Map();

    /** The text to show: what is being typed, else what is saved. */
    get(key, saved) {
        return this.texts.has(key) ? this.texts.get(key) : saved;
    }

    set(key, text) {
        this.texts.set(key, text);
    }

    /** Saved; unless somebody went on typing meanwhile. */
    settle(key, text) {
        if (this.texts.get(key) === text) {
            this.texts.delete(key);
        }
    }
}
