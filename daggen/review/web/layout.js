"use strict";
// Places the tasks of a DAG in columns, from left to right, group by group: a group is laid out
// on its own and then stands as one box among its neighbours, so boxes never overlap.

const SIZE = { height: 44, gapX: 56, gapY: 18, pad: 16, title: 22, char: 7.4, dummy: 6 };

function textWidth(text) {
  return (text || "").length * SIZE.char;
}

function nodeWidth(node) {
  return Math.max(84, textWidth(node.title) + 28, textWidth(node.subtitle) * 0.86 + 28);
}

// Give every node and box its x, y, width and height, and every arrow its points.
function layoutPicture(picture) {
  const root = { id: null, boxes: [], nodes: [], parent: null };
  const boxes = new Map([[null, root]]);
  for (const box of picture.boxes) {
    boxes.set(box.id, Object.assign(box, { boxes: [], nodes: [] }));
  }
  for (const box of picture.boxes) boxes.get(box.parent).boxes.push(box);
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  for (const node of picture.nodes) {
    node.width = nodeWidth(node);
    node.height = SIZE.height;
    boxes.get(node.box).nodes.push(node);
  }
  arrange(root, liftArrows(picture.arrows, nodes, boxes));
  settle(root, 0, 0);
  for (const arrow of picture.arrows) {
    arrow.points = route(arrow, nodes.get(arrow.from), nodes.get(arrow.to));
  }
  return { width: root.width, height: root.height };
}

// For each arrow find the box that holds both ends, and what stands for each end in that box.
function liftArrows(arrows, nodes, boxes) {
  const within = new Map();
  for (const arrow of arrows) {
    if (arrow.from === arrow.to) continue;
    const up = chain(nodes.get(arrow.from), boxes);
    const down = chain(nodes.get(arrow.to), boxes);
    let holder = null;
    while (up[up.length - 1] === down[down.length - 1]) {
      holder = up.pop();
      down.pop();
    }
    const [from, to] = [up[up.length - 1], down[down.length - 1]];
    if (!within.has(holder)) within.set(holder, []);
    const same = within.get(holder).find((link) => link.from === from && link.to === to);
    if (same) same.arrows.push(arrow);
    else within.get(holder).push({ from, to, arrows: [arrow] });
  }
  return within;
}

// A node, the box it stands in, the box around that one, up to the whole picture.
function chain(node, boxes) {
  const found = [node];
  for (let id = node.box; id !== null; id = boxes.get(id).parent) found.push(boxes.get(id));
  found.push(boxes.get(null));
  return found;
}

function arrange(box, links) {
  for (const inner of box.boxes) arrange(inner, links);
  const parts = [...box.nodes, ...box.boxes];
  const own = links.get(box) || [];
  const columns = fillColumns(parts, own);
  orderColumns(columns);
  placeColumns(box, columns);
}

// The longest path decides the column; an arrow that closes a circle is ignored.
function ranks(parts, links) {
  const incoming = new Map(parts.map((part) => [part, []]));
  for (const link of links) incoming.get(link.to).push(link.from);
  const rank = new Map();
  const open = new Set();
  const visit = (part) => {
    if (rank.has(part)) return rank.get(part);
    if (open.has(part)) return -1;
    open.add(part);
    const found = 1 + Math.max(-1, ...incoming.get(part).map(visit));
    open.delete(part);
    rank.set(part, found);
    return found;
  };
  parts.forEach(visit);
  return rank;
}

// Fill the columns; an arrow over several columns gets a small place in each between.
function fillColumns(parts, links) {
  const rank = ranks(parts, links);
  const columns = [];
  const put = (item, index) => {
    while (columns.length <= index) columns.push([]);
    item.before = [];
    item.after = [];
    columns[index].push(item);
  };
  for (const part of parts) put(part, rank.get(part));
  for (const link of links) {
    let last = link.from;
    link.dummies = [];
    for (let index = rank.get(link.from) + 1; index < rank.get(link.to); index += 1) {
      const dummy = { width: 0, height: SIZE.dummy, isDummy: true };
      put(dummy, index);
      link.dummies.push(dummy);
      last.after.push(dummy);
      dummy.before.push(last);
      last = dummy;
    }
    last.after.push(link.to);
    link.to.before.push(last);
    for (const arrow of link.arrows) arrow.through = link.dummies;
    makeRoom(columns[rank.get(link.from) + 1], link.arrows);
  }
  return columns;
}

// Widen the gap before a column so that the labels of arrows fit into it.
function makeRoom(column, arrows) {
  if (!column) return;
  const needed = Math.max(0, ...arrows.map((arrow) => textWidth(arrow.label) - SIZE.gapX / 2));
  column.labels = Math.max(column.labels || 0, needed);
}

function orderColumns(columns) {
  const number = (column) => column.forEach((item, index) => (item.order = index));
  columns.forEach(number);
  const sweep = (list, side) => {
    for (const column of list) {
      for (const item of column) {
        const near = item[side];
        const sum = near.reduce((total, other) => total + other.order, 0);
        item.weight = near.length ? sum / near.length : item.order;
      }
      column.sort((a, b) => a.weight - b.weight);
      number(column);
    }
  };
  for (let round = 0; round < 4; round += 1) {
    sweep(columns, "before");
    sweep([...columns].reverse(), "after");
  }
}

function placeColumns(box, columns) {
  const top = box.id === null ? 0 : SIZE.title;
  const tall = (column) =>
    column.reduce((sum, item) => sum + item.height, 0) + SIZE.gapY * Math.max(0, column.length - 1);
  const height = Math.max(SIZE.dummy, ...columns.map(tall));
  let x = SIZE.pad;
  for (const column of columns) {
    x += column.labels || 0;
    const width = Math.max(0, ...column.map((item) => item.width));
    let y = SIZE.pad + top + (height - tall(column)) / 2;
    for (const item of column) {
      item.x = x + (width - item.width) / 2;
      item.y = y;
      y += item.height + SIZE.gapY;
    }
    x += width + SIZE.gapX;
  }
  box.width = Math.max(x - SIZE.gapX + SIZE.pad, textWidth(box.title) + 2 * SIZE.pad, 60);
  box.height = height + 2 * SIZE.pad + top;
  box.columns = columns;
}

// Turn positions within a box into positions on the page.
function settle(box, x, y) {
  for (const column of box.columns) {
    for (const item of column) {
      item.x += x;
      item.y += y;
    }
  }
  for (const inner of box.boxes) settle(inner, inner.x, inner.y);
}

function route(arrow, from, to) {
  const points = [[from.x + from.width, from.y + from.height / 2]];
  for (const dummy of arrow.through || []) points.push([dummy.x, dummy.y + SIZE.dummy / 2]);
  points.push([to.x, to.y + to.height / 2]);
  return points;
}
