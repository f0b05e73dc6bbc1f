// Blind votes by keys: each button names its key.
(function () {
    "use strict";
    if (window.t2pVoting) {
        return;
    }
    window.t2pVoting = true;
    const TYPING = "input, textarea, select, [contenteditable], [role=tab], [role=listbox]";

    function vote(event) {
        const app = document.querySelector("gradio-app");
        const side = ((app && app.shadowRoot) || document).querySelector("#t2p_vote_panel");
        const target = event.composedPath()[0];
        const typing = target.closest && target.closest(TYPING);
        if (!side || side.getClientRects().length === 0 || typing || event.repeat) {
            return;
        }
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
            return;
        }
        const button = side.querySelector('[data-t2p-key="' + event.key + '"]');
        if (button) {
            event.preventDefault();
            button.click();
        }
    }

    document.addEventListener("keydown", vote);
})();
