// The day of the map: a slider over the days on which something stands otherwise, and a strip above
// it that shows how many services and posts have money in place. What is undated is never drawn as ended.
"use strict";

(() => {
  const M = window.fingerpostMap;
  const SVG = "http://www.w3.org/2000/svg";
  const HIGH = 56, PAUSE = 1200;
  const KINDS = [["in-place", "with money in place"], ["undated", "with money recorded, its end not recorded"],
    ["ended", "whose recorded money has ended"], ["other", "with money sought, later or not told"]];
  let playing = 0;

  // How everything stands on a day: what changed on all days up to it, the later ones last.
  function stand(number) {
    const changed = new Set();
    const things = new Map(), links = new Map();
    for (const day of M.data.days.slice(0, number + 1)) {
      for (const [id, state] of Object.entries(day.things)) things.set(id, state);
      for (const [id, state] of Object.entries(day.links)) links.set(id, state);
    }
    for (const [id, state] of things) {
      if (M.cards.get(id) === state) continue;
      M.cards.set(id, state);
      changed.add(id);
      Object.assign(M.data.things[id], { sign: state.sign, facts: state.facts, state: state.state });
    }
    for (const link of M.data.links) if (links.has(link.id)) Object.assign(link, links.get(link.id));
    return changed;
  }

  function show(number) {
    const day = M.data.days[number];
    M.now.day = number;
    const changed = stand(number);
    tellDay(number, day);
    M.refreshLinks();
    M.redraw(changed);
    if (M.now.lost) M.lose(M.now.lost.ids);
    else if (M.now.chosen && M.data.things[M.now.chosen]) M.choose(M.now.chosen, false);
  }

  // vis-network holds copies of links that were joined; these are made anew from what they say now.
  function refreshLinks() {
    const said = new Map(M.data.links.map((k) => [k.id, k]));
    for (const k of M.now.links) {
      const link = said.get(k.id);
      if (link) Object.assign(k, { says: link.says, firm: link.firm });
    }
  }

  function tellDay(number, day) {
    const by = M.by, slider = by("day-slider");
    slider.value = String(number);
    slider.setAttribute("aria-valuetext", `${day.written}: ${counted(day)}`);
    by("day-shown").textContent = day.written;
    by("day-counts").textContent = counted(day);
    for (const bar of by("strip").querySelectorAll("[data-day]")) {
      bar.classList.toggle("now", Number(bar.dataset.day) === number);
    }
    const elsewhere = by("day-tables");
    if (elsewhere) {
      elsewhere.hidden = day.day === M.data.as_of;
      elsewhere.querySelector("a").href = `?as_of=${day.day}#tables`;
      history.replaceState(null, "", `?as_of=${day.day}`);
      by("as_of").value = day.day;
      for (const link of document.querySelectorAll("[data-dated]")) link.href = `${link.dataset.dated}?as_of=${day.day}`;
    }
    if (by("standing-out-day")) by("standing-out-day").textContent = day.written;
    standing();
  }

  const counted = (day) => KINDS.map(([, word], n) => [day.counts[n], word])
    .filter(([count], n) => count || n === 0).map(([count, word]) => `${count} ${word}`).join("; ");

  // The list above the map, of the same day as the map.
  function standing() {
    const list = M.by("standing-out-list");
    const found = Object.entries(M.data.things).filter(([, t]) => t.state?.startsWith("money "));
    list.closest("section").hidden = !found.length;
    list.replaceChildren(...found.map(([id, thing]) => {
      const item = document.createElement("li");
      const tag = M.element("span", thing.sign, `tag ${thing.state === "money ended" ? "tag-bad" : "tag-warn"}`);
      const button = M.button(id);
      button.addEventListener("click", () => M.by("canvas").scrollIntoView({ block: "nearest" }));
      item.append(button, " ", tag);
      return item;
    }));
  }

  // ------------------------------------------------------------ the strip

  function shape(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // Bars from the foot: money in place, then undated. What has ended hangs from the top as an outline.
  function strip() {
    const svg = M.by("strip"), days = M.data.days;
    const all = Math.max(1, ...days.map((d) => d.counts.reduce((a, b) => a + b, 0)));
    const step = 1000 / days.length, wide = Math.min(step * 0.72, 90);
    svg.setAttribute("viewBox", `0 0 1000 ${HIGH}`);
    svg.setAttribute("preserveAspectRatio", "none");
    days.forEach((day, n) => {
      const bar = shape("g", { "data-day": n, class: "bar" }, svg);
      const x = step * (n + 0.5) - wide / 2, unit = HIGH / all;
      const [inPlace, undated, ended] = day.counts.map((count) => count * unit);
      shape("rect", { x: x - 3, y: 0, width: wide + 6, height: HIGH, class: "bar-ground" }, bar);
      shape("rect", { x, y: HIGH - inPlace, width: wide, height: inPlace, class: "bar-in-place" }, bar);
      shape("rect", { x, y: HIGH - inPlace - undated, width: wide, height: undated, class: "bar-undated" }, bar);
      shape("rect", { x, y: 0, width: wide, height: ended, class: "bar-ended" }, bar);
      bar.addEventListener("click", () => { stop(); show(n); });
    });
  }

  // ------------------------------------------------------------ playing

  function stop() {
    clearInterval(playing);
    playing = 0;
    M.by("day-play").textContent = "Play";
  }

  function play() {
    if (playing) { stop(); return; }
    const last = M.data.days.length - 1;
    M.by("day-play").textContent = "Pause";
    if (M.now.day === last) show(0);
    playing = setInterval(() => { show(M.now.day + 1); if (M.now.day >= last) stop(); }, PAUSE);
  }

  function begin() {
    M.cards = new Map();
    M.now.day = Math.max(0, M.data.days.findIndex((d) => d.day === M.data.as_of));
    stand(M.now.day);
  }

  function listen() {
    const slider = M.by("day-slider");
    const count = M.data.days.length;
    slider.max = String(count - 1);
    // The knob stands below the bar of its day.
    slider.style.width = `calc(${(100 * (count - 1)) / count}% + 16px)`;
    slider.style.marginLeft = `calc(${50 / count}% - 8px)`;
    M.by("days").hidden = count < 2;
    slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
    M.by("day-play").addEventListener("click", play);
    strip();
    tellDay(M.now.day, M.data.days[M.now.day]);
  }

  Object.assign(M, { beginDays: begin, listenToDays: listen, showDay: show, refreshLinks });
})();
