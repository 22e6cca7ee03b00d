// What of the map is in sight, and how it is moved: layers, arrangement, focus, bundles and size.
// All text goes in as text, never as HTML. Nothing is stored, and nothing is asked of another host.
"use strict";

(() => {
  const M = window.fingerpostMap;
  const MARGIN = 16, INK = "#0B0C0C", MOST = 2000, MANY_LINKS = 800;
  const now = { layers: new Set(), arrangement: "money", focus: null, chosen: null, lost: null,
    badges: new Map(), opened: new Set(), places: new Map(), titles: [], links: [] };
  let canvas, map, nodes, edges, near = new Map();

  // ------------------------------------------------------------ what is in sight

  function layersShown() {
    const own = M.data.arrangements[now.arrangement].layers;
    return own.length ? new Set(own) : now.layers;
  }

  // The things and links of the layers, before a focus narrows them and bundles join them.
  function inLayers() {
    const layers = layersShown(), columns = M.data.arrangements[now.arrangement].columns;
    const links = M.data.links.filter((k) => layers.has(k.layer) && k.start in columns && k.end in columns);
    const linked = new Set(links.flatMap((k) => [k.start, k.end]));
    const ids = Object.keys(M.data.things).filter((id) => {
      const home = M.data.things[id].home;
      return id in columns && (home === "every" || layers.has(home) || linked.has(id));
    });
    return { ids, links };
  }

  function around({ ids, links }, { id, steps }) {
    const joined = new Map(ids.map((one) => [one, []]));
    for (const k of links) { joined.get(k.start).push(k.end); joined.get(k.end).push(k.start); }
    const found = new Set([id]);
    let edge = [id];
    for (let step = 0; step < steps && edge.length; step += 1) {
      edge = [...new Set(edge.flatMap((one) => joined.get(one) || []))].filter((one) => !found.has(one));
      edge.forEach((one) => found.add(one));
    }
    return { ids: ids.filter((one) => found.has(one)), links: links.filter((k) => found.has(k.start) && found.has(k.end)) };
  }

  // Where a map is too large, one card stands for many; links between the same two become one.
  function bundled({ ids, links }) {
    if (!M.data.bundles.length || ids.length <= MOST && now.focus) return { ids, links };
    const stands = new Map(ids.map((id) => [id, id]));
    for (const bundle of M.data.bundles) {
      if (!now.opened.has(bundle.id)) for (const id of bundle.members) if (stands.has(id)) stands.set(id, bundle.id);
    }
    const merged = new Map();
    for (const k of links) {
      const start = stands.get(k.start), end = stands.get(k.end);
      if (start === end) continue;
      const id = `${start} ${end} ${k.kind}`, had = merged.get(id);
      if (had) { had.count += 1; had.firm = had.firm || k.firm; }
      else merged.set(id, { ...k, id: start === k.start && end === k.end ? k.id : id, start, end, count: 1 });
    }
    return { ids: [...new Set(stands.values())], links: [...merged.values()] };
  }

  function columnsWithBundles() {
    const how = M.data.arrangements[now.arrangement];
    if (!M.data.bundles.length) return how;
    const columns = { ...how.columns };
    for (const b of M.data.bundles) columns[b.id] = columns[b.members.find((id) => id in columns)];
    return { ...how, columns };
  }

  // Works out what is in sight and puts it in place. `keep` leaves the view where it is.
  function refresh({ keep = false } = {}) {
    let sight = inLayers();
    if (now.focus) sight = around(sight, now.focus);
    sight = bundled(sight);
    const how = columnsWithBundles();
    const first = new Set(sight.ids.filter((id) => M.data.things[id]?.paid && layersShown().has("funding")));
    const { places, titles } = M.layout(sight.ids.sort(), sight.links, M.heightOf, how, first);
    now.places = places;
    now.titles = titles;
    now.links = sight.links;
    near = new Map(sight.ids.map((id) => [id, new Set()]));
    for (const k of sight.links) { near.get(k.start).add(k.end); near.get(k.end).add(k.start); }
    put(nodes, sight.ids.map(node));
    put(edges, sight.links.map(edge));
    if (now.chosen && !places.has(now.chosen)) M.leave();
    if (!keep) fromTheTop();
    map.redraw();
  }

  function put(set, items) {
    const wanted = new Set(items.map((i) => i.id));
    set.remove(set.getIds().filter((id) => !wanted.has(id)));
    set.update(items);
  }

  function node(id) {
    const { x, y } = now.places.get(id);
    return { id, x, y, title: M.cardOf(id).title };
  }

  function edge(k) {
    const one = now.places.get(k.start), other = now.places.get(k.end);
    const marked = now.arrangement !== "money" && k.mark;
    const says = k.count > 1 ? `${k.count} links: ${k.word.toLowerCase()}` : k.says;
    return { id: k.id, from: k.start, to: k.end, ...colour(k), title: `${M.nameOf(k.start)}\n${says}\n${M.nameOf(k.end)}`,
      dashes: k.firm ? false : [5, 5], label: marked ? k.mark : "",
      font: { size: 13, color: INK, background: "#FFFFFF", strokeWidth: 0, align: "horizontal" },
      smooth: one.x === other.x ? { enabled: true, type: "curvedCW", roundness: 0.35 }
        : { enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness: one.x < other.x ? 0.8 : 0.4 } };
  }

  function colour(k) {
    const touches = now.chosen && (k.start === now.chosen || k.end === now.chosen);
    const hushed = now.lost ? !(isTouched(k.start) && isTouched(k.end)) : now.chosen && !touches;
    return { width: touches ? 2.5 : 1.5,
      color: { color: k.colour, hover: INK, highlight: INK, opacity: hushed ? 0.08 : touches ? 1 : 0.55 } };
  }

  const isTouched = (id) => now.badges.has(id);
  const isFaded = (id) => (now.lost ? !isTouched(id) && id !== now.chosen
    : Boolean(now.chosen) && id !== now.chosen && !near.get(now.chosen)?.has(id));

  // After a choice, a loss or another day: the same cards in the same places, drawn as they stand now.
  function redraw(changed) {
    edges.update(now.links.map((k) => (changed ? edge(k) : { id: k.id, ...colour(k) })));
    if (changed) nodes.update([...now.places.keys()].filter((id) => changed.has(id)).map(node));
    map.redraw();
  }

  // ------------------------------------------------------------ the view

  function bounds() {
    const xs = now.titles.map((c) => c.x), ys = [...now.places].map(([id, p]) => p.y + M.heightOf(id) / 2);
    return { left: Math.min(...xs, 118) - 118, right: Math.max(...xs, 118) + 118, top: -56, bottom: Math.max(...ys, 100) + 30 };
  }

  function look(x, y, scale, animate) {
    map.moveTo({ position: { x, y }, scale, animation: animate ? { duration: 250 } : false });
  }

  // As wide as the frame, from the top: cards stay large enough to read, and the rest is below.
  function fromTheTop() {
    const box = bounds(), wide = canvas.clientWidth - besides(), high = canvas.clientHeight;
    const scale = Math.min(1, Math.max(0.75, (wide - 2 * MARGIN) / (box.right - box.left)));
    const narrow = (box.right - box.left) * scale > wide;
    const left = wide < 600 ? startOnNarrow() : box.left;
    const x = narrow ? left + (wide / 2 - MARGIN) / scale : (box.left + box.right) / 2;
    look(x + besides() / 2 / scale, box.top + high / 2 / scale, scale, false);
  }

  // How much of the frame's right side the panel covers.
  function besides() {
    const panel = M.by("panel");
    return panel.hidden || panel.offsetWidth > canvas.clientWidth / 2 ? 0 : panel.offsetWidth;
  }

  // Where there is room for one column, that is the one all others stand beside.
  function startOnNarrow() {
    const how = M.data.arrangements[now.arrangement];
    const packed = now.titles.find((c) => c.title === how.titles[how.packed]);
    return (packed || now.titles[0] || { x: 118 }).x - 118;
  }

  function whole() {
    const box = bounds();
    const scale = Math.min(canvas.clientWidth / (box.right - box.left + 40), canvas.clientHeight / (box.bottom - box.top + 40), 1);
    look((box.left + box.right) / 2, (box.top + box.bottom) / 2, scale, true);
  }

  function zoom(by) {
    const at = map.getViewPosition();
    look(at.x, at.y, Math.min(2, Math.max(0.15, map.getScale() * by)), true);
  }

  function towards(id) {
    const at = now.places.get(id), scale = Math.max(0.85, map.getScale());
    look(at.x + besides() / 2 / scale, at.y, scale, true);
  }

  // The wheel moves the map as it moves a page; at either end the page itself moves on.
  function onWheel(event) {
    if (event.ctrlKey) return;
    event.stopPropagation();
    const box = bounds(), scale = map.getScale(), at = map.getViewPosition();
    const half = canvas.clientHeight / 2 / scale;
    const lowest = Math.max(box.top + half, box.bottom - half);
    const wanted = Math.min(lowest, Math.max(box.top + half, at.y + event.deltaY / scale));
    if (Math.abs(wanted - at.y) < 0.5 && !event.deltaX) return;
    event.preventDefault();
    look(at.x + event.deltaX / scale, wanted, scale, false);
  }

  function onKey(event) {
    const step = 80 / map.getScale();
    const moves = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] };
    if (event.key === "Escape") M.leave();
    if (event.key === "+") zoom(1.25);
    if (event.key === "-") zoom(0.8);
    if (!moves[event.key]) return;
    event.preventDefault();
    const at = map.getViewPosition();
    look(at.x + moves[event.key][0], at.y + moves[event.key][1], map.getScale(), false);
  }

  // The columns' titles stay at the top of the frame, however far down the map one is.
  function drawTitles(pen) {
    const scale = map.getScale(), corner = map.DOMtoCanvas({ x: 0, y: 0 });
    if (M.data.arrangements[now.arrangement].step * scale < 170) return;
    pen.save();
    pen.fillStyle = "#f4f6f7";
    pen.fillRect(corner.x, corner.y, canvas.clientWidth / scale, 34 / scale);
    pen.fillStyle = INK;
    pen.font = `bold ${Math.min(15, 15 * Math.max(scale, 0.8)) / scale}px Arial, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const { title, x } of now.titles) pen.fillText(title, x, corner.y + 17 / scale, 292);
    pen.restore();
  }

  function create(element) {
    canvas = element;
    nodes = new vis.DataSet();
    edges = new vis.DataSet();
    const many = M.data.links.length > MANY_LINKS;
    const options = structuredClone(M.data.picture.options);
    options.nodes = { ...options.nodes, shape: "custom", ctxRenderer: M.renderer };
    options.interaction = { ...options.interaction, hideEdgesOnDrag: many, hideEdgesOnZoom: many };
    map = new vis.Network(canvas, { nodes, edges }, options);
    map.on("click", ({ nodes: [id] }) => (id ? M.choose(id, false) : M.leave()));
    map.on("hoverNode", () => { canvas.style.cursor = "pointer"; });
    map.on("blurNode", () => { canvas.style.cursor = "default"; });
    map.on("afterDrawing", drawTitles);
    canvas.addEventListener("wheel", onWheel, { capture: true, passive: false });
    canvas.addEventListener("keydown", onKey);
    refresh();
    map.once("afterDrawing", () => { canvas.dataset.drawn = "yes"; });
  }

  // For tests and for whoever wants to see where a card stands on the page.
  function whereIs(id) {
    const at = map.canvasToDOM(map.getPosition(id)), box = canvas.getBoundingClientRect();
    return { x: at.x + box.left, y: at.y + box.top };
  }

  const bundleOf = (id) => M.bundles.get(id);
  Object.assign(M, { now, create, refresh, redraw, fromTheTop, whole, zoom, towards, whereIs, isFaded, layersShown,
    badgeOf: (id) => now.badges.get(id), scale: () => map.getScale(), select: (id) => map.selectNodes(id ? [id] : [], false),
    cardOf: (id) => M.cards.get(id) || bundleOf(id).card,
    heightOf: (id) => (M.data.things[id] || bundleOf(id)).height,
    shapeOf: (id) => M.data.looks[(M.data.things[id] || bundleOf(id)).type],
    nameOf: (id) => (M.data.things[id] || bundleOf(id)).name });
})();
