"use strict";
// The page of a fleet: all DAGs in a table, one DAG, the week's load, what is between DAGs.

(() => {
  const data = pageData();
  const main = document.getElementById("main");
  const byId = new Map(data.dags.map((dag) => [dag.dag_id, dag]));
  for (const dag of data.dags) {
    const words = [dag.dag_id, dag.owner, dag.description, dag.schedule, dag.path, ...dag.tags];
    dag.search = [...words, ...dag.pools.map((pool) => pool[0])].join(" ").toLowerCase();
  }

  function dagLink(id) {
    return byId.has(id) ? el("a", { href: `#dag=${encodeURIComponent(id)}` }, id) : id;
  }

  function showFleet() {
    const search = el("input", {
      type: "search",
      id: "search",
      placeholder: "Search DAGs, owners, tags, pools",
      "aria-label": "Search DAGs, owners, tags, pools",
    });
    const count = el("p", { class: "faint", id: "count", role: "status" });
    const rows = el("tbody", { id: "dags" });
    const fill = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = data.dags.filter((dag) => words.every((word) => dag.search.includes(word)));
      rows.replaceChildren(...found.map(fleetRow));
      count.textContent = `${found.length} of ${data.dags.length} DAGs; times are UTC`;
    };
    search.addEventListener("input", fill);
    fill();
    const names = ["DAG", "Owner", "Schedule", "Next runs", "Tasks", "Pools", "Tags"];
    const head = el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name)));
    return [search, count, el("table", { class: "fleet" }, el("thead", {}, head), rows)];
  }

  function fleetRow(dag) {
    const pools = dag.pools.map((pool) => pool[0]).join(", ");
    const row = el("tr", { "data-dag": dag.dag_id }, el("td", {}, dagLink(dag.dag_id)));
    row.append(el("td", {}, dag.owner), el("td", {}, dag.schedule));
    row.append(el("td", { class: "times" }, ...dag.next.map((time) => el("div", {}, time))));
    row.append(el("td", {}, String(dag.tasks)), el("td", {}, pools));
    row.append(el("td", {}, ...dag.tags.map((tag) => el("span", { class: "tag" }, tag))));
    return row;
  }

  function showDag(dag) {
    const parts = [el("h2", {}, dag.dag_id)];
    if (dag.description) parts.push(el("p", {}, dag.description));
    const made = dag.spec ? `${dag.path}, from ${dag.spec}` : dag.path;
    parts.push(el("p", { class: "faint" }, made), facts(dag), ...graphPanel(dag));
    return [...parts, el("h2", {}, "Arguments of the DAG"), argumentTable(dag.arguments)];
  }

  function facts(dag) {
    const list = el("dl", {});
    const say = (name, ...values) => {
      if (!values.length) return;
      list.append(el("dt", {}, name), ...values.map((value) => el("dd", {}, value)));
    };
    say("Owner", dag.owner || "nobody");
    say("Schedule", dag.schedule);
    say("Next runs (UTC)", ...dag.next);
    say("Pools", ...dag.pools.map(([pool, tasks, slots]) => `${pool}: ${tasks} tasks, ${slots} slots`));
    say("Alerts", ...(dag.alerts.length ? dag.alerts : ["none"]));
    say("Between DAGs", ...dag.links.map(linkLine));
    return list;
  }

  function linkLine(link) {
    return el("span", {}, `${link.verb} `, link.dag ? dagLink(link.name) : link.name);
  }

  function showLoad() {
    const load = data.load;
    const parts = [el("h2", {}, "When DAGs start"), el("p", { class: "faint" }, aboutLoad(load))];
    parts.push(weekPicture(load.starts, load.from, (value) => `${value} starts`, () => false));
    for (const pool of load.pools) parts.push(...poolPicture(pool, load.from));
    return parts;
  }

  function aboutLoad(load) {
    return (
      `Seven days from ${load.from}, UTC. How long tasks take is not known: each is taken to last ` +
      `as long as its execution_timeout, or ${load.assumed} minutes. Tasks start as soon as those ` +
      "before them end. Sensors that give their slot back while they wait are left out, as are " +
      `${load.unknown.length} DAGs that no calendar starts.`
    );
  }

  function poolPicture(pool, from) {
    const over = pool.slots !== null && pool.peak > pool.slots;
    const title = el("h2", { "data-pool": pool.pool }, pool.pool, " ");
    const has = pool.slots === null ? "slots unknown" : `has ${pool.slots} slots`;
    title.append(el("small", {}, `${has}, asked for at most ${pool.peak}`));
    if (over) title.append(" ", el("span", { class: "badge removed" }, "! more than it has"));
    const isOver = (value) => pool.slots !== null && value > pool.slots;
    const parts = [title, weekPicture(pool.demand, from, (value) => `${value} slots`, isOver)];
    if (pool.who.length) {
      const more = pool.more ? ` and ${pool.more} more` : "";
      const who = pool.who.flatMap((id) => [dagLink(id), " "]);
      parts.push(el("p", { class: "faint links" }, "At the peak: ", ...who, more));
    }
    return parts;
  }

  function showLinks() {
    const title = el("h2", {}, "What DAGs give to each other");
    if (!data.assets.nodes.length) return [title, el("p", {}, "No assets, no triggers.")];
    const onTask = (node) => {
      const id = node.id.replace(/^dag /, "");
      if (node.id.startsWith("dag ") && byId.has(id)) location.hash = `dag=${encodeURIComponent(id)}`;
    };
    return [title, el("div", { class: "graph-holder" }, drawPicture(data.assets, onTask))];
  }

  function show() {
    const hash = location.hash.slice(1);
    const dag = byId.get(decodeURIComponent(hash.replace(/^dag=/, "")));
    const views = { load: showLoad, assets: showLinks };
    const view = hash.startsWith("dag=") && dag ? () => showDag(dag) : views[hash] || showFleet;
    main.replaceChildren(...view());
    main.scrollTop = 0;
    for (const tab of document.querySelectorAll(".tabs a")) {
      tab.classList.toggle("current", tab.getAttribute("href") === `#${hash}`);
    }
  }

  addEventListener("hashchange", show);
  show();
})();
