// The frame of a crop: dragged, sized at its corner, or moved by keys; told when it is let go.
(function () {
    "use strict";
    if (window.t2pCropping) {
        return;
    }
    window.t2pCropping = true;
    const LEAST = 32;
    let held = null;

    function page() {
        const app = document.querySelector("gradio-app");
        return (app && app.shadowRoot) || document;
    }

    function frameOf(panel) {
        const box = panel.querySelector(".t2p-crop-box");
        const width = Number(panel.dataset.width), height = Number(panel.dataset.height);
        return {
            left: parseFloat(box.style.left) / 100 * width,
            top: parseFloat(box.style.top) / 100 * height,
            side: parseFloat(box.style.width) / 100 * width,
        };
    }

    function show(panel, frame) {
        const width = Number(panel.dataset.width), height = Number(panel.dataset.height);
        const aspect = Number(panel.dataset.aspect);
        const side = Math.max(LEAST, Math.min(frame.side, width, height * aspect));
        const left = Math.max(0, Math.min(frame.left, width - side));
        const top = Math.max(0, Math.min(frame.top, height - side / aspect));
        const box = panel.querySelector(".t2p-crop-box");
        box.style.left = 100 * left / width + "%";
        box.style.top = 100 * top / height + "%";
        box.style.width = 100 * side / width + "%";
        box.style.height = 100 * side / aspect / height + "%";
    }

    function tell(panel) {
        const frame = frameOf(panel);
        const tall = frame.side / Number(panel.dataset.aspect);
        const box = [frame.left, frame.top, frame.left + frame.side, frame.top + tall];
        const numbers = box.map((number) => number.toFixed(1)).join(",");
        window.t2pAct = "box " + numbers + " " + panel.dataset.photo;
        const channel = page().querySelector("#t2p_" + panel.dataset.t2pCrop + "_act");
        if (channel) {
            channel.click();
        }
    }

    function begin(event) {
        const path = event.composedPath();
        const box = path.find((part) => part.classList && part.classList.contains("t2p-crop-box"));
        if (!box || event.button > 0) {
            return;
        }
        const panel = box.parentElement;
        held = {
            panel: panel,
            sizing: path[0].tagName === "I",
            x: event.clientX,
            y: event.clientY,
            scale: Number(panel.dataset.width) / panel.getBoundingClientRect().width,
            frame: frameOf(panel),
            moved: false,
        };
        event.preventDefault();
        box.focus();
    }

    function drag(event) {
        if (!held) {
            return;
        }
        const x = (event.clientX - held.x) * held.scale, y = (event.clientY - held.y) * held.scale;
        const frame = Object.assign({}, held.frame);
        if (held.sizing) {
            frame.side += Math.max(x, y * Number(held.panel.dataset.aspect));
            frame.side = Math.min(frame.side, Number(held.panel.dataset.width) - frame.left);
        } else {
            frame.left += x;
            frame.top += y;
        }
        held.moved = true;
        show(held.panel, frame);
    }

    function end() {
        if (held && held.moved) {
            tell(held.panel);
        }
        held = null;
    }

    const KEYS = {
        ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0],
        "+": [0, 0, 1], "-": [0, 0, -1],
    };

    function key(event) {
        const box = event.composedPath()[0];
        const move = KEYS[event.key];
        if (!move || !box.classList || !box.classList.contains("t2p-crop-box")) {
            return;
        }
        event.preventDefault();
        const panel = box.parentElement, frame = frameOf(panel);
        const step = Number(panel.dataset.width) / 100;
        show(panel, {
            left: frame.left + move[0] * step,
            top: frame.top + move[1] * step,
            side: frame.side + move[2] * step,
        });
        window.clearTimeout(panel.t2pSoon);
        panel.t2pSoon = window.setTimeout(() => tell(panel), 500);
    }

    // Crop on a card of the gallery shows the side where it is cropped.
    function turn(event) {
        const pressed = event.composedPath().find((part) => part.dataset && part.dataset.t2pAct);
        if (pressed && pressed.dataset.t2pChannel === "crop_act") {
            const tabs = page().querySelector("#t2p_dataset_tabs");
            const named = [...tabs.querySelectorAll("button")];
            const crop = named.find((button) => button.textContent.trim() === "Crop" && !button.dataset.t2pAct);
            if (crop) {
                crop.click();
            }
        }
    }

    document.addEventListener("click", turn);
    document.addEventListener("pointerdown", begin);
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
    document.addEventListener("keydown", key);
})();
