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

    // gradio 3 forgets an upload when the answer to anything else comes while it runs, and shows
    // "Uploading..." for ever. So nothing is asked meanwhile, and files wait for the answer to
    // what was asked before.
    const LONGEST_UPLOAD = 600000;
    let uploadSeen = 0;

    function isUploading(root) {
        const rows = root.querySelectorAll("#t2p_root .file-preview td.download");
        if (![...rows].some((row) => !row.querySelector("a"))) {
            uploadSeen = 0;
            return false;
        }
        uploadSeen = uploadSeen || Date.now();
        return Date.now() - uploadSeen < LONGEST_UPLOAD;
    }

    function isAsking() {
        const root = page();
        return Object.entries(waiting).some(
            ([name, last]) => last.beat === beatOf(root, name) && Date.now() - last.at < 15000);
    }

    function give(input, files) {
        if (isAsking()) {
            window.setTimeout(() => give(input, files), 50);
            return;
        }
        const given = new DataTransfer();
        files.forEach((file) => given.items.add(file));
        input.files = given.files;
        input.dispatchEvent(new CustomEvent("change", {bubbles: true, detail: "t2p"}));
    }

    function hold(event) {
        const part = event.target.closest && event.target.closest("#t2p_root [id^=t2p_]");
        const input = part && part.querySelector("input[type=file]");
        if (!input || event.detail === "t2p" || !isAsking()) {
            return;
        }
        const dropped = event.type === "drop";
        const files = [...(dropped ? event.dataTransfer : input).files];
        if (!files.length) {
            return;
        }
        event.stopImmediatePropagation();
        if (dropped) {
            event.preventDefault();
            event.target.dispatchEvent(new DragEvent("dragleave", {bubbles: true}));
        }
        give(input, files);
    }

    function refresh() {
        const root = page();
        if (document.hidden || isUploading(root)) {
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

    // What a tab shows is asked for when it is opened, not at the next beat.
    const OPENED = 50;

    function opened(event) {
        const pressed = event.target.closest && event.target.closest(".tab-nav button, [role=tab]");
        if (pressed && pressed.closest("#t2p_root")) {
            window.setTimeout(refresh, OPENED);
        }
    }

    // Buttons inside HTML panels: what the press means is left for the channel's hidden button.
    function act(event) {
        const pressed = event.target.closest && event.target.closest("[data-t2p-act]");
        if (!pressed || pressed.disabled) {
            return;
        }
        const question = pressed.dataset.t2pAsk;
        if (question && !window.confirm(question)) {
            return;
        }
        window.t2pAct = pressed.dataset.t2pAct;
        const channel = page().querySelector("#t2p_" + pressed.dataset.t2pChannel + "_act");
        if (channel) {
            // A second press before the answer would do it twice.
            pressed.disabled = true;
            window.setTimeout(() => { pressed.disabled = false; }, 2000);
            channel.click();
        }
    }

    // A form is checked when a person pauses, not with each letter.
    const PAUSE = 700;
    let pausing = 0;
    let last = "";

    function contentOf(form) {
        return [...form.querySelectorAll("input, textarea, select")]
            .map((field) => (field.type === "checkbox" || field.type === "radio") ? field.checked : field.value)
            .join("\u0000");
    }

    function checkSoon(event) {
        const form = event.target.closest && event.target.closest("#t2p_train_form");
        if (!form) {
            return;
        }
        window.clearTimeout(pausing);
        pausing = window.setTimeout(() => {
            const now = contentOf(form);
            const check = page().querySelector("#t2p_train_check");
            if (now !== last && check) {
                last = now;
                check.click();
            }
        }, PAUSE);
    }

    // The WebUI's own paste button reads an infotext out of the prompt field, on both hosts.
    const send = (event) => {
        const pressed = event.target.closest && event.target.closest("[data-t2p-send]");
        if (!pressed || pressed.disabled) return;
        const name = pressed.dataset.t2pSend;
        const prompt = page().querySelector("#" + name + "_prompt textarea");
        const paste = page().querySelector("#" + name + "_tools #paste");
        if (!prompt || !paste) return;
        prompt.value = pressed.dataset.t2pInfotext;
        prompt.dispatchEvent(new Event("input", { bubbles: true }));
        window.requestAnimationFrame(() => paste.click());
        const open = window["switch_to_" + name];
        if (open) open();
    };
    document.addEventListener("click", send);
    document.addEventListener("click", act);
    document.addEventListener("click", opened);
    document.addEventListener("change", hold, true);
    document.addEventListener("drop", hold, true);
    for (const kind of ["input", "change", "click", "focusout"]) {
        document.addEventListener(kind, checkSoon);
    }
    window.t2pRefreshing = window.setInterval(refresh, EVERY);
})();
