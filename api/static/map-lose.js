// If this ended: what would fall with a thing, marked on the map and told as a list.
// What falls is worked out by the server, or beforehand for the file; never here.
"use strict";

(() => {
  const M = window.fingerpostMap;

  async function answerOf(ids) {
    const day = M.data.days[M.now.day].day, known = M.data.losses;
    if (known) {
      const at = known.days.indexOf(day), all = ids.length > 1 ? known.together : known.by[ids[0]];
      return at < 0 ? null : known.answers[all ? all[at] : 0];
    }
    const asked = new URLSearchParams([["as_of", day], ...ids.map((id) => ["without", id])]);
    const answer = await fetch(`${M.by("canvas").dataset.lost}?${asked}`);
    return answer.ok ? answer.json() : null;
  }

  async function lose(ids) {
    M.now.lost = { ids, day: M.now.day, answer: null };
    const asked = M.now.lost;
    const answer = await answerOf(ids);
    // Another may have been asked about meanwhile.
    if (M.now.lost !== asked) return;
    asked.answer = answer;
    M.now.badges = answer ? badges(ids, answer) : new Map();
    M.tell(answer ? `If ${names(ids)} ended: ${counted(answer)}.` : "This could not be worked out for the day shown.");
    M.by("unlose").hidden = false;
    if (M.now.chosen) M.choose(M.now.chosen, false);
    else M.redraw();
  }

  const names = (ids) => ids.map(M.nameOf).join(" and ");
  const several = (count, one, many) => `${count} ${count === 1 ? one : many}`;

  function counted({ falls, nothing, weaker }) {
    const told = [];
    if (falls.length) told.push(several(falls.length, "service would fall", "services would fall"));
    if (nothing.length) told.push(`the last recorded help would go for ${several(nothing.length, "group and need", "groups and needs")}`);
    if (weaker.length) told.push(`help would get weaker for ${several(weaker.length, "group and need", "groups and needs")}`);
    return told.join("; ") || "nothing else would fall, as far as is recorded";
  }

  function badges(ids, { falls, nothing, weaker }) {
    const found = new Map();
    for (const { group } of weaker) found.set(group, "! help gets weaker");
    for (const { group } of nothing) found.set(group, "✕ loses its last recorded help");
    for (const { id } of falls) found.set(id, "✕ would fall");
    for (const id of ids) found.set(id, "✕ imagined ended");
    return found;
  }

  function undo() {
    M.now.lost = null;
    M.now.badges = new Map();
    M.by("unlose").hidden = true;
    M.tell("");
    if (M.now.chosen) M.choose(M.now.chosen, false);
    else M.redraw();
  }

  // In the panel of what is imagined ended: every service, group and need, in words.
  function showLoss() {
    const part = M.by("panel-loss"), lost = M.now.lost;
    const concerns = lost?.answer && (lost.ids.includes(M.now.chosen) || M.now.badges.has(M.now.chosen));
    part.hidden = !concerns;
    if (!concerns) return;
    M.by("panel-loss-title").textContent = `If ${lost.ids.includes(M.now.chosen) && lost.ids.length === 1 ? "this" : names(lost.ids)} ended, on ${M.data.days[lost.day].written}`;
    const { falls, nothing, weaker } = lost.answer;
    const left = (one) => `${one.group_name}: ${one.need} (${one.area})`;
    const parts = [list("✕ Would fall", falls.map((one) => M.button(one.id))),
      list("✕ Left with nothing on record", nothing.map(left)), list("! Help gets weaker", weaker.map(left))].flat();
    M.by("panel-loss-lists").replaceChildren(...(parts.length ? parts
      : [M.element("p", "Nothing else would fall, as far as is recorded. What is not recorded, no one can say.")]));
    const whole = M.by("panel-loss-link");
    if (whole) {
      const asked = new URLSearchParams([["partnership", M.data.partnership.slug], ["as_of", M.data.days[lost.day].day],
        ...lost.ids.map((id) => ["without", id])]);
      whole.href = `/what-if?${asked}`;
    }
  }

  function list(title, items) {
    if (!items.length) return [];
    const made = M.element("ul", "", "panel-links");
    made.append(...items.map((one) => { const item = M.element("li", ""); item.append(one); return item; }));
    return [M.element("h4", `${title} (${items.length})`), made];
  }

  function listen() {
    M.by("panel-lose").addEventListener("click", () => {
      if (M.now.lost?.ids.includes(M.now.chosen)) undo();
      else lose([M.now.chosen]);
    });
    M.by("unlose").addEventListener("click", undo);
    const without = M.by("canvas").dataset.without.split(" ").filter(Boolean);
    if (without.length) lose(without);
  }

  Object.assign(M, { lose, showLoss, listenToLosing: listen });
})();
