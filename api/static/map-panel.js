// Choosing a card and reading it; finding one by name; looking at one and what surrounds it.
"use strict";

(() => {
  const M = window.fingerpostMap;
  const by = (id) => document.getElementById(id);
  const AROUND = { 1: "what is one step from it", 2: "what is up to two steps from it" };

  function element(tag, text, className) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // ------------------------------------------------------------ choosing

  function choose(id, move) {
    bringInSight(id);
    if (!M.now.places.has(id)) return;
    M.now.chosen = id;
    M.select(id);
    M.redraw();
    if (M.bundles.has(id)) showBundle(M.bundles.get(id));
    else show(id);
    if (move) M.towards(id);
  }

  function leave() {
    M.now.chosen = null;
    M.select(null);
    by("panel").hidden = true;
    M.redraw();
  }

  function show(id) {
    const thing = M.data.things[id];
    head(thing.kind + (thing.staff ? " – staff only" : ""), thing.name, thing.sign);
    by("panel-acts").hidden = false;
    by("panel-open").hidden = true;
    if (by("panel-link")) by("panel-link").href = thing.url;
    by("panel-lose").hidden = !thing.losable;
    by("panel-lose").setAttribute("aria-pressed", String(Boolean(M.now.lost?.ids.includes(id))));
    by("panel-facts").replaceChildren(...thing.facts.map(fact));
    by("panel-evidence").replaceChildren(...evidence(thing.evidence));
    const links = M.data.links.filter((k) => k.start === id || k.end === id);
    by("panel-count").textContent = String(links.length);
    by("panel-links").replaceChildren(...links.map((k) => line(k, id)));
    M.showLoss();
  }

  function showBundle(bundle) {
    head(bundle.kind, bundle.name, `${bundle.members.length} of them, drawn as one card`);
    by("panel-acts").hidden = true;
    by("panel-open").hidden = false;
    by("panel-open").onclick = () => open(bundle);
    by("panel-facts").replaceChildren();
    by("panel-evidence").replaceChildren();
    by("panel-count").textContent = String(bundle.members.length);
    by("panel-links").replaceChildren(...bundle.members.map((id) => {
      const item = document.createElement("li");
      item.append(button(id));
      return item;
    }));
    M.showLoss();
  }

  function head(kind, name, sign) {
    by("panel-kind").textContent = kind;
    by("panel-name").textContent = name;
    by("panel-sign").textContent = sign;
    by("panel-sign").hidden = !sign;
    by("panel").hidden = false;
    by("panel").scrollTop = 0;
  }

  function fact([label, value]) {
    const row = document.createElement("div");
    row.append(element("dt", label), element("dd", value));
    return row;
  }

  function evidence(found) {
    if (!found) return [element("p", "It is one of the shared terms, and rests on no single source.", "quiet")];
    const places = found.places.length ? `: ${found.places.join("; ")}` : "";
    const told = [element("p", `${found.title}${places}`, "cite")];
    if (found.basis && found.basis !== "stated") told.push(element("p", `Basis: ${found.basis}`, "cite"));
    return told;
  }

  function line(link, id) {
    const item = document.createElement("li");
    const other = link.start === id ? link.end : link.start;
    if (link.start === id) item.append(element("span", `${link.says} `), button(other));
    else item.append(button(other), element("span", ` ${link.says}`));
    if (link.evidence?.places.length) item.append(element("span", link.evidence.places.join("; "), "cite"));
    return item;
  }

  function button(id) {
    const made = element("button", M.nameOf(id), "link");
    made.type = "button";
    made.addEventListener("click", () => choose(id, true));
    return made;
  }

  // ------------------------------------------------------------ finding

  // A thing may be out of sight: of a focus, in a bundle, or in a layer that is off.
  function bringInSight(id) {
    if (M.now.places.has(id) || !(id in M.data.things)) return;
    if (!(id in M.data.arrangements[M.now.arrangement].columns)) M.arrange("money");
    const bundle = M.data.bundles.find((b) => b.members.includes(id));
    if (bundle) M.now.opened.add(bundle.id);
    if (M.now.focus) clearFocus();
    else M.refresh();
    if (M.now.places.has(id)) return;
    const link = M.data.links.find((k) => k.start === id || k.end === id);
    const layer = M.data.things[id].home || link?.layer;
    if (M.data.arrangements[M.now.arrangement].layers.length) M.arrange("money");
    if (layer && !M.now.places.has(id)) M.switchLayer(layer, true);
  }

  function find(event) {
    event.preventDefault();
    const wanted = by("find-name").value.trim().toLowerCase();
    if (!wanted) return;
    const all = Object.entries(M.data.things);
    const named = (test) => all.find(([, t]) => test(t.name.toLowerCase()));
    const hit = named((n) => n === wanted) || named((n) => n.startsWith(wanted)) || named((n) => n.includes(wanted));
    M.tell(hit ? `Found: ${hit[1].name} (${hit[1].kind})` : "Nothing on this map has that name.");
    if (!hit) return;
    choose(hit[0], true);
  }

  // ------------------------------------------------------------ focus and bundles

  function focus(steps) {
    const id = M.now.chosen;
    if (!id) return;
    M.now.focus = { id, steps };
    M.refresh();
    choose(id, false);
    const shown = M.now.places.size;
    M.tell(`Only ${M.nameOf(id)} and ${AROUND[steps] || "all that is joined with it"}: ${shown} card${shown === 1 ? "" : "s"}.`);
    by("unfocus").hidden = false;
  }

  function clearFocus() {
    M.now.focus = null;
    by("unfocus").hidden = true;
    M.tell("");
    M.refresh();
  }

  function open(bundle) {
    M.now.opened.add(bundle.id);
    by("close-bundles").hidden = false;
    leave();
    M.refresh({ keep: true });
    M.towards(bundle.members.find((id) => M.now.places.has(id)));
    M.tell(`Opened: ${bundle.name}, ${bundle.members.length} cards.`);
  }

  function closeBundles() {
    M.now.opened.clear();
    by("close-bundles").hidden = true;
    leave();
    M.refresh();
  }

  function listen() {
    by("find").addEventListener("submit", find);
    by("find-name").addEventListener("input", (event) => {
      // Choosing a name from the list is enough; typing on waits for the button.
      if (event.inputType === undefined || event.inputType === "insertReplacementText") find(event);
    });
    by("panel-close").addEventListener("click", leave);
    by("unfocus").addEventListener("click", () => { const id = M.now.chosen; clearFocus(); if (id) choose(id, true); });
    by("close-bundles").addEventListener("click", closeBundles);
    for (const one of document.querySelectorAll("[data-steps]")) {
      one.addEventListener("click", () => focus(Number(one.dataset.steps)));
    }
    const names = [...new Set(Object.values(M.data.things).map((t) => t.name))].sort();
    by("find-names").replaceChildren(...names.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }));
  }

  Object.assign(M, { choose, leave, element, button, focus, listenToPanel: listen, by });
})();
