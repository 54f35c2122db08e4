"use strict";
// The page of one DAG.

(() => {
  const dag = pageData();
  document.getElementById("main").append(...graphPanel(dag), el("h2", {}, "Arguments of the DAG"));
  document.getElementById("main").append(argumentTable(dag.arguments));
})();
