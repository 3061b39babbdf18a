// Shows the booking page of a branch where this script stands.
(function () {
    const script = document.currentScript;
    const branch = encodeURIComponent(script.dataset.branch || "");
    const frame = document.createElement("iframe");
    frame.src = `${new URL(script.src).origin}/salon/${branch}/embed`;
    frame.title = script.dataset.title || "Booking";
    frame.loading = "lazy";
    frame.style.cssText = "width:100%;border:0;border-radius:16px";
    frame.style.height = `${parseInt(script.dataset.height, 10) || 720}px`;
    script.after(frame);
})();
