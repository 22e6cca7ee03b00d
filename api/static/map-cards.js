// Draws a card of the map: its shape and lines as the data says, and what stands out on it now.
"use strict";

(() => {
  const M = window.fingerpostMap;
  const LINE = 17, FADED = 0.16, READABLE = 0.28;
  const INK = "#0B0C0C", ALARM = "#9C2B00";

  const shapes = {
    box: (pen, l, t, r, b) => pen.rect(l, t, r - l, b - t),
    round: (pen, l, t, r, b) => pen.roundRect(l, t, r - l, b - t, 10),
    pill: (pen, l, t, r, b) => pen.roundRect(l, t, r - l, b - t, Math.min(18, (b - t) / 2)),
    tag: (pen, l, t, r, b) => corners(pen, [[l, t], [r - 10, t], [r, (t + b) / 2], [r - 10, b], [l, b]]),
    roof: (pen, l, t, r, b) => corners(pen, [[l, t + 5], [(l + r) / 2, t - 3], [r, t + 5], [r, b], [l, b]]),
    notch: (pen, l, t, r, b) => corners(pen, [[l, t], [r, t], [r, b - 5], [(l + r) / 2, b + 3], [l, b - 5]]),
    hexagon: (pen, l, t, r, b) => {
      const m = (t + b) / 2;
      corners(pen, [[l, m], [l + 11, t], [r - 11, t], [r, m], [r - 11, b], [l + 11, b]]);
    },
  };

  function corners(pen, points) {
    points.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
  }

  // What vis-network calls for each card; state, lines and marks are looked up when it draws.
  function renderer({ ctx: pen, id, x, y, state: { selected, hover } }) {
    const height = M.heightOf(id);
    return {
      drawNode: () => draw(pen, id, x, y, height, selected || hover),
      nodeDimensions: { width: M.WIDTH, height },
    };
  }

  function draw(pen, id, x, y, height, chosen) {
    const card = M.cardOf(id), shape = M.shapeOf(id);
    const l = x - M.WIDTH / 2, t = y - height / 2, r = l + M.WIDTH, b = t + height;
    pen.save();
    pen.globalAlpha = M.isFaded(id) ? FADED : 1;
    pen.beginPath();
    shapes[shape](pen, l, t, r, b);
    pen.fillStyle = card.ground;
    pen.fill();
    pen.lineWidth = chosen ? 4 : card.stands_out ? 3 : 1.5;
    pen.strokeStyle = chosen ? INK : card.line;
    pen.setLineDash(card.dashed ? [6, 4] : []);
    pen.stroke();
    pen.setLineDash([]);
    if (M.scale() > READABLE) write(pen, card, shape === "hexagon" ? l + 17 : l + 10, y);
    const badge = M.badgeOf(id);
    if (badge) mark(pen, badge, r - 6, t);
    pen.restore();
  }

  function write(pen, card, left, middle) {
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const top = middle - ((card.lines.length - 1) * LINE) / 2 + 1;
    card.lines.forEach((line, n) => {
      const isMark = n >= card.named;
      pen.font = `${isMark ? "bold 14" : "15"}px Arial, sans-serif`;
      pen.fillStyle = isMark && card.stands_out ? ALARM : INK;
      pen.fillText(line, left, top + n * LINE);
    });
  }

  // A label across the upper edge: what would become of it, with a sign and in words.
  function mark(pen, text, right, top) {
    pen.globalAlpha = 1;
    pen.font = "bold 14px Arial, sans-serif";
    const wide = pen.measureText(text).width + 14;
    pen.beginPath();
    pen.roundRect(right - wide, top - 11, wide, 21, 3);
    pen.fillStyle = INK;
    pen.fill();
    pen.fillStyle = "#FFFFFF";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(text, right - wide + 7, top);
  }

  M.renderer = renderer;
})();
