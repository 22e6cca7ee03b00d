// Where things stand on the map, for whatever a reader chooses to see.
// The same as visualise/map/layout.py, which places what the map begins with: change both or neither.
"use strict";

(() => {
  const WIDTH = 236, GAP = 14, SWEEPS = 4;
  const byKeys = (keys) => (a, b) => {
    const one = keys(a), other = keys(b);
    for (let i = 0; i < one.length; i += 1) {
      if (one[i] < other[i]) return -1;
      if (one[i] > other[i]) return 1;
    }
    return 0;
  };

  // Where `ids` stand, linked by `links`, in the columns of `how`; `first` are at the top of theirs.
  function layout(ids, links, height, how, first) {
    const { near, mates } = neighbours(ids, links, how.columns);
    const columns = how.titles.map(() => []);
    for (const id of ids) columns[how.columns[id]].push(id);
    const others = [];
    for (let c = how.packed + 1; c < columns.length; c += 1) others.push(c);
    for (let c = how.packed - 1; c >= 0; c -= 1) others.push(c);
    const filled = others.filter((c) => columns[c].length);
    const middles = new Map();
    pack(columns[how.packed], height, middles);
    const standBeside = () => {
      for (const c of filled) beside(columns[c], height, near, mates, middles);
    };
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      standBeside();
      const own = new Set(columns[how.packed]);
      const around = new Map([...middles].filter(([id]) => !own.has(id)));
      const key = new Map([...own].map((id) => [id, [first.has(id) ? 0 : 1, pull(id, near, around), id]]));
      columns[how.packed].sort(byKeys((id) => key.get(id)));
      pack(columns[how.packed], height, middles);
    }
    standBeside();
    const places = new Map(), titles = [];
    columns.forEach((column, number) => {
      if (!column.length) return;
      const x = titles.length * how.step + WIDTH / 2;
      titles.push({ title: how.titles[number], x });
      for (const id of column) places.set(id, { x, y: Math.floor(middles.get(id) + 0.5) });
    });
    return { places, titles };
  }

  function neighbours(ids, links, columns) {
    const near = new Map(ids.map((id) => [id, []])), mates = new Map(ids.map((id) => [id, []]));
    for (const { start, end } of links) {
      if (!near.has(start) || !near.has(end)) continue;
      const found = columns[start] === columns[end] ? mates : near;
      found.get(start).push(end);
      found.get(end).push(start);
    }
    return { near, mates };
  }

  function pull(id, near, middles) {
    const heights = near.get(id).filter((n) => middles.has(n)).map((n) => middles.get(n));
    return heights.length ? heights.reduce((a, b) => a + b, 0) / heights.length : Infinity;
  }

  function pack(order, height, middles) {
    let top = 0;
    for (const id of order) {
      middles.set(id, top + height(id) / 2);
      top += height(id) + GAP;
    }
  }

  function beside(column, height, near, mates, middles) {
    const sure = new Map();
    for (const id of column) {
      const own = pull(id, near, middles);
      if (own !== Infinity) sure.set(id, own);
    }
    const wanted = new Map(column.map((id) => [id, sure.has(id) ? sure.get(id) : pull(id, mates, sure)]));
    const order = [...column].sort(byKeys((id) => [wanted.get(id), sure.has(id) ? 0 : 1, id]));
    const found = new Map();
    let top = 0;
    for (const id of order) {
      const middle = top + height(id) / 2;
      found.set(id, wanted.get(id) === Infinity ? middle : Math.max(wanted.get(id), middle));
      top = found.get(id) + height(id) / 2 + GAP;
    }
    pullUp(order, found, wanted, height);
    for (const [id, y] of found) middles.set(id, y);
  }

  // Runs of touching cards go up by how far they were pushed down on average, given room.
  function pullUp(order, found, wanted, height) {
    const upper = (id) => found.get(id) - height(id) / 2, lower = (id) => found.get(id) + height(id) / 2;
    const runs = [];
    for (const id of order) {
      const run = runs.at(-1);
      if (run && upper(id) - lower(run.at(-1)) <= GAP + 0.5) run.push(id);
      else runs.push([id]);
    }
    let floor = 0;
    for (const run of runs) {
      const pushed = run.filter((id) => wanted.get(id) !== Infinity).map((id) => found.get(id) - wanted.get(id));
      const mean = pushed.length ? pushed.reduce((a, b) => a + b, 0) / pushed.length : 0;
      const shift = Math.min(Math.max(0, upper(run[0]) - floor), Math.max(0, mean));
      for (const id of run) found.set(id, found.get(id) - shift);
      floor = lower(run.at(-1)) + GAP;
    }
  }

  window.fingerpostMap = { layout, WIDTH };
})();
