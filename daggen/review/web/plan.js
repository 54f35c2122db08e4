"use strict";
// The page of a plan: what changes, told once; a searchable list of DAGs; one DAG at a time.

(() => {
  const data = pageData();
  const byId = new Map(data.dags.map((dag) => [dag.dag_id, dag]));
  const main = document.getElementById("main");
  const list = document.getElementById("dags");
  const search = document.getElementById("search");
  const filters = [...document.querySelectorAll("input[name=action]")];

  function matches(dag, words) {
    const shown = filters.find((filter) => filter.value === dag.action);
    if (shown && !shown.checked) return false;
    return words.every((word) => dag.search.includes(word));
  }

  function fillList() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = data.dags.filter((dag) => matches(dag, words));
    list.replaceChildren(...found.map(listItem));
    document.getElementById("count").textContent =
      `${found.length} of ${data.dags.length} DAGs that change`;
    mark();
  }

  function listItem(dag) {
    const state = ACTION_STATES[dag.action];
    const link = el("a", { href: `#${encodeURIComponent(dag.dag_id)}` }, stateBadge(state), " ");
    link.append(dag.old_id === dag.dag_id ? dag.dag_id : `${dag.old_id} → ${dag.dag_id}`);
    return el("li", { "data-dag": dag.dag_id }, link);
  }

  function mark() {
    for (const item of list.children) {
      const chosen = item.dataset.dag === current();
      item.classList.toggle("current", chosen);
    }
  }

  function current() {
    return decodeURIComponent(location.hash.slice(1));
  }

  function show() {
    const dag = byId.get(current());
    main.replaceChildren(...(dag ? showDag(dag) : showStories()));
    main.scrollTop = 0;
    mark();
  }

  function showStories() {
    const parts = [el("h2", {}, "What changes")];
    if (!data.stories.length && !data.other.length) parts.push(el("p", {}, "No changes."));
    for (const story of data.stories) parts.push(storyCard(story));
    if (data.note) parts.push(el("p", { class: "faint" }, data.note));
    if (data.other.length) parts.push(el("h2", {}, "Pools and other files"), changeList(data.other));
    return parts;
  }

  function storyCard(story) {
    const state = ACTION_STATES[story.action];
    const count = story.dag_ids.length;
    const title = count === 1 ? dagLink(story.dag_ids[0]) : `${count} DAGs`;
    const card = el("section", { class: `card ${state}` });
    card.append(el("h3", {}, stateBadge(state), " ", title, " ", el("small", {}, story.word)));
    if (story.why) card.append(el("p", { class: "faint" }, story.why));
    if (story.changes.length) card.append(changeList(story.changes));
    if (count > 1) card.append(dagLinks(story.dag_ids));
    return card;
  }

  function dagLink(id) {
    return el("a", { href: `#${encodeURIComponent(id)}` }, id);
  }

  function dagLinks(ids) {
    const all = el("p", { class: "links" }, ...ids.map(dagLink));
    if (ids.length <= 8) return all;
    return el("details", {}, el("summary", {}, `all ${ids.length}`), all);
  }

  function showDag(dag) {
    const state = ACTION_STATES[dag.action];
    const parts = [el("p", {}, el("a", { href: "#" }, "← what changes"))];
    parts.push(el("h2", {}, stateBadge(state), ` ${dag.dag_id}`));
    const about = [dag.path, dag.why].filter(Boolean).join(" · ");
    parts.push(el("p", { class: "faint" }, about));
    if (dag.old_id !== dag.dag_id) parts.push(el("p", {}, `was ${dag.old_id}`));
    if (dag.changes.length) parts.push(changeList(dag.changes));
    return [...parts, ...graphPanel(dag)];
  }

  search.addEventListener("input", fillList);
  for (const filter of filters) filter.addEventListener("change", fillList);
  addEventListener("hashchange", show);
  fillList();
  show();
})();
