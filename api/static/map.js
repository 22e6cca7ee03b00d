// Draws the map of one partnership with vis-network, from map.json of the same address.
// All text goes in as text, never as HTML. Nothing is stored, and nothing is asked of another host.
"use strict";

(() => {
  const canvas = document.getElementById("canvas");
  const panel = document.getElementById("panel");
  const found = document.getElementById("found");
  const FADED = 0.15;
  const MARGIN = 16;
  let map, nodes, edges, data, neighbours;

  function element(tag, text, className) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // ------------------------------------------------------------ the view

  function bounds() {
    const xs = data.picture.columns.map((c) => c.x);
    const ys = data.picture.nodes.map((n) => n.y);
    return {
      left: Math.min(...xs) - 118, right: Math.max(...xs) + 118,
      top: -56, bottom: Math.max(...ys) + 60,
    };
  }

  function look(x, y, scale, animate) {
    map.moveTo({ position: { x, y }, scale, animation: animate ? { duration: 250 } : false });
  }

  // As wide as the frame, from the top: cards stay large enough to read, and the rest is below.
  function fromTheTop() {
    const box = bounds();
    const wide = canvas.clientWidth, high = canvas.clientHeight;
    const scale = Math.min(1, Math.max(0.75, (wide - 2 * MARGIN) / (box.right - box.left)));
    const narrow = (box.right - box.left) * scale > wide;
    const x = narrow ? box.left + (wide / 2 - MARGIN) / scale : (box.left + box.right) / 2;
    look(x, box.top + high / 2 / scale, scale, false);
  }

  function whole() {
    const box = bounds();
    const scale = Math.min(
      canvas.clientWidth / (box.right - box.left + 40), canvas.clientHeight / (box.bottom - box.top + 40), 1);
    look((box.left + box.right) / 2, (box.top + box.bottom) / 2, scale, true);
  }

  function zoom(by) {
    const at = map.getViewPosition();
    look(at.x, at.y, Math.min(2, Math.max(0.15, map.getScale() * by)), true);
  }

  // The wheel moves the map as it moves a page; at either end the page itself moves on.
  function onWheel(event) {
    if (event.ctrlKey) return;
    event.stopPropagation();
    const box = bounds(), scale = map.getScale(), at = map.getViewPosition();
    const half = canvas.clientHeight / 2 / scale;
    const lowest = Math.max(box.top + half, box.bottom - half);
    const wanted = Math.min(lowest, Math.max(box.top + half, at.y + event.deltaY / scale));
    const x = at.x + event.deltaX / scale;
    if (Math.abs(wanted - at.y) < 0.5 && !event.deltaX) return;
    event.preventDefault();
    look(x, wanted, scale, false);
  }

  // The columns' titles stay at the top of the frame, however far down the map one is.
  function titles(pen) {
    const scale = map.getScale();
    const corner = map.DOMtoCanvas({ x: 0, y: 0 });
    const [first, second] = data.picture.columns;
    if ((second.x - first.x) * scale < 170) return;
    pen.save();
    pen.fillStyle = "#f4f6f7";
    pen.fillRect(corner.x, corner.y, canvas.clientWidth / scale, 34 / scale);
    pen.fillStyle = "#0b0c0c";
    pen.font = `bold ${15 / scale}px Arial, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const { title, x } of data.picture.columns) pen.fillText(title, x, corner.y + 17 / scale);
    pen.restore();
  }

  // ------------------------------------------------------------ choosing a card

  function fade(chosen) {
    const near = chosen ? new Set([chosen, ...neighbours.get(chosen)]) : null;
    nodes.update(data.picture.nodes.map((n) => (
      { id: n.id, opacity: !near || near.has(n.id) ? 1 : FADED,
        font: { ...n.font, color: !near || near.has(n.id) ? n.font.color : "#8A9096" } })));
    edges.update(data.picture.edges.map((e) => {
      const touches = e.from === chosen || e.to === chosen;
      return { id: e.id, width: chosen && touches ? 2.5 : 1.5,
        color: { ...e.color, opacity: !chosen ? e.color.opacity : touches ? 1 : 0.06 } };
    }));
  }

  function choose(id, move) {
    map.selectNodes([id]);
    fade(id);
    show(id);
    if (move) {
      const at = map.getPosition(id);
      const scale = Math.max(0.85, map.getScale());
      const aside = panel.offsetWidth < canvas.clientWidth / 2 ? panel.offsetWidth / 2 / scale : 0;
      look(at.x + aside, at.y, scale, true);
    }
  }

  function leave() {
    map.unselectAll();
    fade(null);
    panel.hidden = true;
  }

  function show(id) {
    const thing = data.things[id];
    document.getElementById("panel-kind").textContent =
      thing.kind + (thing.staff ? " – staff only" : "");
    document.getElementById("panel-name").textContent = thing.name;
    const sign = document.getElementById("panel-sign");
    sign.textContent = thing.sign;
    sign.hidden = !thing.sign;
    document.getElementById("panel-link").href = thing.url;
    const facts = thing.facts.map(([label, value]) => {
      const row = document.createElement("div");
      row.append(element("dt", label), element("dd", value));
      return row;
    });
    document.getElementById("panel-facts").replaceChildren(...facts);
    const links = data.links.filter((k) => k.start === id || k.end === id);
    document.getElementById("panel-count").textContent = String(links.length);
    document.getElementById("panel-links").replaceChildren(...links.map((k) => line(k, id)));
    panel.hidden = false;
    panel.scrollTop = 0;
  }

  function line(link, id) {
    const item = document.createElement("li");
    const other = link.start === id ? link.end : link.start;
    const button = element("button", data.things[other].name, "link");
    button.type = "button";
    button.addEventListener("click", () => choose(other, true));
    if (link.start === id) item.append(element("span", link.says + " "), button);
    else item.append(button, element("span", " " + link.says));
    return item;
  }

  // ------------------------------------------------------------ search and filters

  function find(event) {
    event.preventDefault();
    const wanted = document.getElementById("find-name").value.trim().toLowerCase();
    if (!wanted) return;
    const all = Object.entries(data.things);
    const named = (test) => all.find(([, t]) => test(t.name.toLowerCase()));
    const hit = named((n) => n === wanted) || named((n) => n.startsWith(wanted)) || named((n) => n.includes(wanted));
    found.textContent = hit ? `Found: ${hit[1].name} (${hit[1].kind})` : "Nothing on this map has that name.";
    if (hit) choose(hit[0], true);
  }

  function filter() {
    const shown = new Set([...document.querySelectorAll(".filters input:checked")].map((i) => i.value));
    edges.update(data.picture.edges.map((e) => ({ id: e.id, hidden: !shown.has(e.kind) })));
  }

  // ------------------------------------------------------------ the beginning

  function draw() {
    nodes = new vis.DataSet(data.picture.nodes);
    edges = new vis.DataSet(data.picture.edges);
    neighbours = new Map(Object.keys(data.things).map((id) => [id, new Set()]));
    for (const link of data.links) {
      neighbours.get(link.start).add(link.end);
      neighbours.get(link.end).add(link.start);
    }
    map = new vis.Network(canvas, { nodes, edges }, data.picture.options);
    map.on("click", ({ nodes: [id] }) => (id ? choose(id, false) : leave()));
    map.on("hoverNode", () => { canvas.style.cursor = "pointer"; });
    map.on("blurNode", () => { canvas.style.cursor = "default"; });
    canvas.addEventListener("wheel", onWheel, { capture: true, passive: false });
    canvas.addEventListener("keydown", onKey);
    map.on("afterDrawing", titles);
    map.once("afterDrawing", () => { canvas.dataset.drawn = "yes"; });
    filter();
    fromTheTop();
  }

  function onKey(event) {
    const step = 80 / map.getScale();
    const moves = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] };
    if (event.key === "Escape") leave();
    if (!moves[event.key]) return;
    event.preventDefault();
    const at = map.getViewPosition();
    look(at.x + moves[event.key][0], at.y + moves[event.key][1], map.getScale(), false);
  }

  function listen() {
    document.getElementById("find").addEventListener("submit", find);
    document.getElementById("find-name").addEventListener("input", (event) => {
      // Choosing a name from the list is enough; typing on waits for the button.
      if (event.inputType === undefined || event.inputType === "insertReplacementText") find(event);
    });
    document.querySelector(".filters").addEventListener("change", filter);
    document.getElementById("closer").addEventListener("click", () => zoom(1.25));
    document.getElementById("further").addEventListener("click", () => zoom(0.8));
    document.getElementById("whole").addEventListener("click", whole);
    document.getElementById("restart").addEventListener("click", fromTheTop);
    document.getElementById("panel-close").addEventListener("click", leave);
    const names = [...new Set(Object.values(data.things).map((t) => t.name))].sort();
    document.getElementById("find-names").replaceChildren(...names.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }));
  }

  // For tests and for whoever wants to see where a card stands on the page.
  function whereIs(id) {
    const at = map.canvasToDOM(map.getPosition(id));
    const box = canvas.getBoundingClientRect();
    return { x: at.x + box.left, y: at.y + box.top };
  }

  async function begin() {
    document.querySelector(".nojs").hidden = true;
    const answer = await fetch(canvas.dataset.source);
    if (!answer.ok) {
      document.querySelector(".nojs").hidden = false;
      return;
    }
    data = await answer.json();
    document.getElementById("picture").hidden = false;
    draw();
    listen();
    window.fingerpostMap = { whereIs };
  }

  begin();
})();
