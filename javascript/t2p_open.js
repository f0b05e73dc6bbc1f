// Puts the page into the WebUI's tab when that is first seen: it is made then, not at the start.
(function () {
    "use strict";
    const PATIENCE = 60000;

    function root() {
        const config = window.gradio_config || {};
        const base = new URL(config.root || ".", document.baseURI).href;
        return base.endsWith("/") ? base : base + "/";
    }

    // gradio's own element takes the settings that are there, the address among them.
    function lend(config) {
        const kept = window.gradio_config;
        window.gradio_config = config;
        return () => { window.gradio_config = kept; };
    }

    function said(shell) {
        return shell.querySelector("#t2p_opening [role]");
    }

    function say(shell, text) {
        said(shell).textContent = text;
        said(shell).setAttribute("role", "alert");
    }

    function putIn(shell, config) {
        const giveBack = lend(config);
        const end = () => {
            giveBack();
            watch.disconnect();
            window.clearTimeout(late);
        };
        const watch = new MutationObserver(() => {
            if (shell.querySelector("#t2p_root")) {
                end();
                shell.querySelector("#t2p_opening").remove();
            }
        });
        const late = window.setTimeout(end, PATIENCE);
        watch.observe(shell, {childList: true, subtree: true});
        // Parsed, since it reads these when it is made, and makes its page anew when they change.
        const app = "<gradio-app eager='true' embed='false' container='false' info='false'>";
        shell.insertAdjacentHTML("beforeend", app);
    }

    async function open(shell) {
        const address = root() + "t2p/page";
        try {
            // Making the page takes a moment; what went wrong is said by the answer.
            const answer = await fetch(address + "/config");
            if (answer.ok) {
                putIn(shell, await answer.json());
                return;
            }
            say(shell, await answer.text());
        } catch (error) {
            say(shell, "The WebUI does not answer: " + error + ". Reload the page.");
        }
    }

    function whenSeen(shell) {
        const seen = new IntersectionObserver((entries) => {
            if (entries.some((entry) => entry.isIntersecting)) {
                seen.disconnect();
                open(shell);
            }
        });
        seen.observe(shell);
    }

    function find() {
        const shell = document.querySelector("#t2p_shell");
        if (shell) {
            finding.disconnect();
            whenSeen(shell);
        }
    }

    const finding = new MutationObserver(find);
    finding.observe(document.documentElement, {childList: true, subtree: true});
    find();
})();
