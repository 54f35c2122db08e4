"use strict";
// Pictures of a week: one row a day, one cell an hour or a quarter of an hour.

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function dayNames(from) {
  const first = new Date(`${from}T00:00:00Z`);
  return [...Array(7).keys()].map((index) => {
    const day = new Date(first.getTime() + index * 86400000);
    return `${WEEKDAYS[day.getUTCDay()]} ${day.toISOString().slice(5, 10)}`;
  });
}

// Draw values as cells; `label(value)` words a cell, `isOver(value)` marks it as too much.
function weekPicture(values, from, label, isOver) {
  const perDay = values.length / 7;
  const [left, top, rowHeight, width] = [76, 18, 20, 960];
  const cell = width / perDay;
  const most = Math.max(1, ...values);
  const canvas = svg("svg", {
    viewBox: `0 0 ${left + width + 4} ${top + 7 * rowHeight + 4}`,
    class: "week",
    role: "img",
    "aria-label": `Seven days from ${from}; at most ${Math.max(...values)}`,
  });
  for (let hour = 0; hour < 24; hour += 3) {
    const x = left + (hour / 24) * width;
    canvas.append(svg("text", { x, y: 12 }, `${String(hour).padStart(2, "0")}:00`));
  }
  dayNames(from).forEach((name, day) => {
    canvas.append(svg("text", { x: 0, y: top + day * rowHeight + 14 }, name));
    for (let index = 0; index < perDay; index += 1) {
      const value = values[day * perDay + index];
      const minutes = (index * 1440) / perDay;
      canvas.append(
        weekCell(
          { x: left + index * cell, y: top + day * rowHeight, width: cell, height: rowHeight - 2 },
          value / most,
          `${name} ${clock(minutes)}: ${label(value)}`,
          isOver(value),
        ),
      );
    }
  });
  return canvas;
}

function weekCell(frame, share, title, over) {
  const made = svg("g", { class: over ? "cell over" : "cell" });
  const fill = svg("rect", { ...frame, "fill-opacity": share === 0 ? 0.04 : 0.15 + 0.85 * share });
  made.append(fill, svg("title", {}, title));
  if (over) {
    made.append(svg("text", { x: frame.x + frame.width / 2, y: frame.y + 13 }, "!"));
  }
  return made;
}

function clock(minutes) {
  const parts = [Math.floor(minutes / 60), minutes % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
