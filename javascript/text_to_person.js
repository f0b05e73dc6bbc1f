// Keeps the tab that is seen up to date: presses its hidden refresh button, one request at a time.
(function () {
    "use strict";
    if (window.t2pRefreshing) {
        return;
    }
    const EVERY = 1500;
    const SLOWEST = 60000;
    const waiting = {};

    function page() {
        const app = document.querySelector("gradio-app");
        return (app && app.shadowRoot) || document;
    }

    function beatOf(root, name) {
        const mark = root.querySelector("#t2p_" + name + "_beat [data-beat]");
        return mark ? mark.dataset.beat : "";
    }

    function isSeen(element) {
        return element !== null && element.getClientRects().length > 0;
    }

    function mayAsk(name, beat, now) {
        const last = waiting[name];
        if (!last || last.beat !== beat) {
            waiting[name] = {beat: beat, at: now, patience: 15000};
            return true;
        }
        if (now - last.at < last.patience) {
            return false;
        }
        // No answer: the program may be closed. Ask again, but less and less often.
        last.at = now;
        last.patience = Math.min(2 * last.patience, SLOWEST);
        return true;
    }

    function refresh() {
        const root = page();
        if (document.hidden) {
            return;
        }
        for (const button of root.querySelectorAll("[id^=t2p_][id$=_tick]")) {
            const name = button.id.slice("t2p_".length, -"_tick".length);
            const column = root.querySelector("#t2p_" + name + "_side");
            if (isSeen(column) && mayAsk(name, beatOf(root, name), Date.now())) {
                button.click();
            }
        }
    }

    window.t2pRefreshing = window.setInterval(refresh, EVERY);
})();
