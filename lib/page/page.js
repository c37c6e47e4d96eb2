"use strict";
// Sorts, filters and pages the table of differences; without this script all of its rows stand there.
(() => {
  const body = document.getElementById("rows");
  if (!body) {
    return;
  }
  const STEP = 100;
  const rows = [...body.rows];
  const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  const search = document.getElementById("search");
  const verdict = document.getElementById("class");
  const type = document.getElementById("type");
  const status = document.getElementById("status");
  const more = document.getElementById("more");
  let limit = STEP;

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
    const found = rows.filter(row => (!verdict.value || row.dataset.class === verdict.value)
      && (!type.value || row.dataset.type === type.value)
      && words.every(word => texts.get(row).includes(word)));
    const shown = new Set(found.slice(0, limit));
    for (const row of rows) {
      row.hidden = !shown.has(row);
    }
    more.hidden = found.length <= limit;
    more.textContent = "Show " + Math.min(STEP, found.length - limit) + " more";
    status.textContent = found.length === 0 ? "No difference in this page is like that."
      : "Showing " + shown.size.toLocaleString("en") + " of " + found.length.toLocaleString("en")
        + (found.length < rows.length ? " that fit, of " + rows.length.toLocaleString("en") : "") + " in this page.";
  };

  // What has no value stands last, whichever way it is sorted.
  const compare = (key, number, sign) => (a, b) => {
    const left = a.dataset[key];
    const right = b.dataset[key];
    if (left === "" || right === "") {
      return (left === "") - (right === "");
    }
    return sign * (number ? Number(left) - Number(right) : left.localeCompare(right, "en"));
  };

  for (const heading of document.querySelectorAll(".differences th[data-key]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const sorted = heading.getAttribute("aria-sort");
      const up = heading.dataset.key === "behind" ? sorted === "descending" : sorted !== "ascending";
      for (const other of heading.parentElement.children) {
        other.removeAttribute("aria-sort");
      }
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows.sort(compare(heading.dataset.key, heading.hasAttribute("data-number"), up ? 1 : -1));
      body.append(...rows);
      limit = STEP;
      show();
    });
  }
  for (const control of [search, verdict, type]) {
    control.addEventListener(control === search ? "input" : "change", () => {
      limit = STEP;
      show();
    });
  }
  more.addEventListener("click", () => {
    const next = limit;
    limit += STEP;
    show();
    const row = rows.filter(candidate => !candidate.hidden)[next];
    if (row) {
      row.tabIndex = -1;
      row.focus();
    }
  });
  document.querySelector(".controls").addEventListener("submit", event => event.preventDefault());
  document.querySelector(".controls").hidden = false;
  show();
})();
