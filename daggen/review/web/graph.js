"use strict";
// Draws a picture as SVG. Texts are set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { added: "+", removed: "-", changed: "~", same: "" };

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawPicture(source, onTask) {
  const picture = structuredClone(source);
  const size = layoutPicture(picture);
  const canvas = svg("svg", {
    viewBox: `0 0 ${size.width} ${size.height}`,
    width: size.width,
    height: size.height,
    class: "graph",
    role: "group",
    "aria-label": "The DAG's tasks and their dependencies",
  });
  canvas.style.minWidth = `${Math.min(size.width, 0.6 * size.width + 200)}px`;
  canvas.append(arrowHeads());
  for (const box of picture.boxes) canvas.append(drawBox(box));
  for (const arrow of picture.arrows) canvas.append(...drawArrow(arrow));
  for (const node of picture.nodes) canvas.append(drawNode(node, onTask));
  return canvas;
}

function arrowHeads() {
  const heads = Object.keys(SIGNS).map((state) =>
    svg(
      "marker",
      { id: `head-${state}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9,
        markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0 L8 4 L0 8 z", class: `head ${state}` }),
    ),
  );
  return svg("defs", {}, ...heads);
}

function drawBox(box) {
  const frame = { x: box.x, y: box.y, width: box.width, height: box.height, rx: 8 };
  const title = svg("text", { x: box.x + 10, y: box.y + 17, class: "box-title" }, box.title);
  return svg("g", { class: `box ${box.state}` }, svg("rect", frame), title);
}

function drawArrow(arrow) {
  const [first, ...rest] = arrow.points;
  let path = `M${first[0]} ${first[1]}`;
  let last = first;
  for (const point of rest) {
    const bend = Math.max(18, Math.abs(point[0] - last[0]) / 2);
    path += ` C${last[0] + bend} ${last[1]} ${point[0] - bend} ${point[1]} ${point[0]} ${point[1]}`;
    last = point;
  }
  const state = arrow.state;
  const drawn = [
    svg("path", { d: path, class: `arrow ${state}`, "marker-end": `url(#head-${state})` }),
  ];
  const text = `${SIGNS[state]} ${arrow.label}`.trim();
  if (text) {
    const [from, to] = [arrow.points[0], arrow.points[1]];
    const place = { x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2 - 5 };
    drawn.push(svg("text", { ...place, class: `arrow-label ${state}` }, text));
  }
  return drawn;
}

function drawNode(node, onTask) {
  const shapes = [];
  const frame = { x: node.x, y: node.y, width: node.width, height: node.height, rx: 6 };
  if (node.mapped) shapes.push(svg("rect", { ...frame, x: node.x + 4, y: node.y - 4 }));
  shapes.push(node.branch ? hexagon(node) : svg("rect", frame));
  const middle = node.x + node.width / 2;
  const task = svg(
    "g",
    { class: `task ${node.state}`, tabindex: 0, role: "button", "data-task": node.id,
      "aria-label": `${node.id}, ${node.subtitle}, ${node.state}` },
    svg("title", {}, node.id),
    ...shapes,
    svg("text", { x: middle, y: node.y + 19, class: "title" }, node.title),
    svg("text", { x: middle, y: node.y + 35, class: "subtitle" }, node.subtitle),
  );
  const choose = () => {
    for (const other of task.parentNode.querySelectorAll(".chosen")) other.classList.remove("chosen");
    task.classList.add("chosen");
    onTask(node);
  };
  task.addEventListener("click", choose);
  task.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose();
    }
  });
  return task;
}

function hexagon(node) {
  const [left, right, top, bottom] = [node.x, node.x + node.width, node.y, node.y + node.height];
  const middle = (top + bottom) / 2;
  const points = [
    [left, middle], [left + 12, top], [right - 12, top],
    [right, middle], [right - 12, bottom], [left + 12, bottom],
  ];
  return svg("polygon", { points: points.map((point) => point.join(",")).join(" ") });
}

// A graph with, below it, what is known of the task that was clicked.
function graphPanel(dag) {
  const about = el("section", { class: "about-task", "aria-live": "polite" });
  about.append(el("p", { class: "faint" }, "Choose a task to see more of it."));
  const onTask = (node) => about.replaceChildren(...aboutTask(dag, node));
  const holder = el("div", { class: "graph-holder" }, drawPicture(dag.picture, onTask));
  return [holder, about];
}

function aboutTask(dag, node) {
  const changes = (dag.changes || []).filter(
    (change) => change.subject === node.id || change.near.includes(node.id),
  );
  const parts = [el("h3", {}, stateBadge(node.state), " ", node.id)];
  parts.push(el("p", { class: "faint" }, [node.subtitle, node.state].join(" · ")));
  if (changes.length) parts.push(changeList(changes));
  else if (node.state === "same" && dag.action) {
    parts.push(el("p", {}, "This task does not change."));
  }
  if (node.arguments.length) parts.push(argumentTable(node.arguments));
  return parts;
}

function argumentTable(rows) {
  const table = el("table", { class: "arguments" });
  for (const [name, value] of rows) {
    table.append(el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, el("code", {}, value))));
  }
  return table;
}

function stateBadge(state) {
  return el("span", { class: `badge ${state}`, title: state }, SIGNS[state] || "·");
}

const ACTION_STATES = { add: "added", remove: "removed", change: "changed", rename: "changed" };

function changeList(changes) {
  const list = el("ul", { class: "changes" });
  for (const change of changes) {
    const item = el("li", { class: ACTION_STATES[change.action] || "changed" });
    item.append(el("span", { class: "sign" }, change.sign), " ", change.what, " ");
    if (change.before) item.append(el("del", {}, el("code", {}, change.before)));
    if (change.before && change.after) item.append(" → ");
    if (change.after) item.append(el("ins", {}, el("code", {}, change.after)));
    if (change.note) item.append(" ", el("span", { class: "faint" }, change.note));
    if (change.lines.length) item.append(lineDiff(change.lines));
    list.append(item);
  }
  return list;
}

function lineDiff(lines) {
  const classes = { "+": "line added", "-": "line removed" };
  return el(
    "pre",
    {},
    ...lines.map((line) => el("span", { class: classes[line[0]] || "line" }, `${line}\n`)),
  );
}

function pageData() {
  return JSON.parse(document.getElementById("data").textContent);
}
