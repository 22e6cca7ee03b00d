// The map of one partnership: takes its data, from its address or from the page, and begins.
// The parts are in the other files map-*.js, which come first.
"use strict";

(() => {
  const M = window.fingerpostMap, by = M.by;

  function tell(text) {
    by("found").textContent = text;
  }

  // ------------------------------------------------------------ layers and arrangement

  function layersChosen() {
    M.now.layers = new Set([...document.querySelectorAll(".filters input:checked")].map((i) => i.value));
    M.refresh({ keep: true });
  }

  function switchLayer(layer, on) {
    const box = document.querySelector(`.filters input[value="${layer}"]`);
    if (!box) return;
    box.checked = on;
    layersChosen();
  }

  function arrange(name) {
    M.now.arrangement = name;
    by("arrangement").value = name;
    const own = M.data.arrangements[name].layers;
    for (const box of document.querySelectorAll(".filters input")) {
      box.disabled = Boolean(own.length);
      box.checked = own.length ? own.includes(box.value) : M.now.layers.has(box.value);
    }
    by("arranged").hidden = !own.length;
    M.refresh();
  }

  function listen() {
    document.querySelector(".filters").addEventListener("change", layersChosen);
    by("arrangement").addEventListener("change", (event) => arrange(event.target.value));
    by("closer").addEventListener("click", () => M.zoom(1.25));
    by("further").addEventListener("click", () => M.zoom(0.8));
    by("whole").addEventListener("click", M.whole);
    by("restart").addEventListener("click", M.fromTheTop);
  }

  function begin(data) {
    const from = performance.now();
    M.data = data;
    M.bundles = new Map(data.bundles.map((b) => [b.id, b]));
    for (const box of document.querySelectorAll(".filters input")) {
      box.checked = data.layers.some((a) => a.layer === box.value && a.on);
      if (box.checked) M.now.layers.add(box.value);
    }
    by("picture").hidden = false;
    M.beginDays();
    M.create(by("canvas"));
    M.listenToPanel();
    M.listenToDays();
    M.listenToLosing();
    listen();
    M.drawnIn = performance.now() - from;
  }

  async function start() {
    Object.assign(M, { tell, switchLayer, arrange });
    const inPage = by("map-data"), nojs = document.querySelector(".nojs");
    nojs.hidden = true;
    if (inPage) { begin(JSON.parse(inPage.textContent)); return; }
    const answer = await fetch(by("canvas").dataset.source);
    if (answer.ok) begin(await answer.json());
    else nojs.hidden = false;
  }

  start();
})();
