// Parts of pages: badges, bars, tables, pagers, forms.
"use strict";

cardlint.PAGE = 100;
cardlint.SEVERITIES = { error: "▲", warning: "◆", note: "●" };
cardlint.STATES = {
  substantive: ["●", "in words"], thin: ["◐", "a few words"], metadata: ["▣", "by the metadata"], files: ["▤", "by the files"],
  placeholder: ["○", "only a placeholder"], absent: ["–", "absent"],
};
cardlint.LICENCES = {
  permissive: "permissive", "share-alike": "share-alike, copyleft", "use-restricted": "use restrictions", "no-derivatives": "no derivatives",
  "non-commercial": "non-commercial", unclear: "other, unknown, not listed", none: "none declared",
};

cardlint.CONTROLS = { met: "●", "not-met": "▲", "not-checked": "?", manual: "✎", "not-applicable": "–" };

/** The kind of a repository by its key. */
cardlint.kind = (key) => (key.startsWith("datasets/") ? "dataset" : key.startsWith("spaces/") ? "space" : "model");

cardlint.parts = (() => {
  const { h, to, number, percent, words } = cardlint;

  const page = (title, ...children) => ({ title, content: [h("h1", { tabindex: "-1" }, title), ...children] });
  const block = (title, ...children) => h("section", { class: "block" }, h("h2", {}, title), ...children);
  const badge = (severity, text) => h("span", { class: `badge ${severity}` }, `${cardlint.SEVERITIES[severity] ?? ""} ${text ?? severity}`.trim());
  const licence = (name, ids) => h("span", { class: `licence ${name}` }, ids?.length ? ids.join(" + ") : cardlint.LICENCES[name] ?? "not known");
  const link = (view, key, text, query) => h("a", { href: to(view, key, query) }, text ?? key);
  const repoLink = (key) => link("repo", key);
  const bar = (share, text, name) => h("span", { class: "bar" }, h("span", { class: `fill ${name ?? ""}`, "aria-hidden": "true", vars: { share: `${share}%` } }), h("span", {}, text ?? percent(share)));
  const level = (value) => (value < 34 ? "low" : value < 67 ? "middle" : "high");
  const meter = (value) => h("span", { class: `fill ${level(value)}`, "aria-hidden": "true", vars: { share: `${value}%` } });
  const score = (value) => bar(value, value.toFixed(0), level(value));

  /** A table: columns are [head, cell of a row, options]; `figure` sets numbers right. */
  const table = (caption, columns, rows, options = {}) =>
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, h("table", { class: options.class },
      h("caption", { class: options.caption ? null : "hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map(([head, , kind]) => h("th", { scope: "col", class: kind }, head)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, columns.map(([, cell, kind], i) => h(i ? "td" : "th", { scope: i ? null : "row", class: kind }, cell(row))))))));

  /** A picture of the charts folder with its numbers beside it as a table. */
  const picture = (name, alt, caption, columns, rows) =>
    h("figure", {}, h("img", { src: `charts/${name}.svg`, alt, loading: "lazy" }),
      h("details", {}, h("summary", {}, `The numbers: ${caption}`), table(caption, columns, rows)));

  /** Where the reader is in a list, and the way on. */
  const pager = (view, key, query, { total, page: at, size }) => {
    const last = Math.max(1, Math.ceil(total / size));
    const step = (text, target, on) => (on ? h("a", { class: "button", href: to(view, key, { ...query, page: target }) }, text) : h("span", { class: "button off" }, text));
    return last < 2 ? null : h("nav", { class: "pager", "aria-label": "Pages of the list" },
      step("First", 1, at > 1), step("Previous", at - 1, at > 1), h("span", {}, `page ${number(at)} of ${number(last)}`),
      step("Next", at + 1, at < last), step("Last", last, at < last));
  };

  /** A form whose fields are filters of the address; every change goes there. */
  const filters = (view, key, query, fields) => {
    let typed = 0;
    const go = (form, replace) => {
      const chosen = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
      const target = to(view, key, chosen);
      if (replace) location.replace(target);
      else location.hash = target;
    };
    const form = h("form", { class: "filters", on: {
      submit: (event) => { event.preventDefault(); go(form, false); },
      change: () => { clearTimeout(typed); go(form, false); },
      input: (event) => { if (event.target.type === "search") { clearTimeout(typed); typed = setTimeout(() => go(form, true), 250); } },
    } }, fields.map(([name, label, choices]) => h("label", {}, h("span", {}, label), choices
      ? h("select", { name, id: `filter-${name}` }, choices.map(([value, text]) => h("option", { value, selected: (query[name] ?? "") === value }, text)))
      : h("input", { name, id: `filter-${name}`, type: "search", value: query[name] ?? "", autocomplete: "off", spellcheck: "false", maxlength: "200" }))));
    return form;
  };

  /** A button that saves the list as a file for spreadsheets. */
  const save = (view, query) => h("button", { type: "button", class: "button", on: { click: async () => {
    const address = await cardlint.source.csv(view, query);
    const anchor = h("a", { href: address, download: `${view}.csv` });
    anchor.click();
  } } }, "Save as CSV");

  const outside = () => h("span", { class: "outside" }, "not in this audit");

  /** What is known of an edge: how it was built, under which licence, and how surely it is known. */
  const edge = (row) => [
    row.relation ? h("span", { class: "relation" }, row.relation === "dataset" ? "data" : row.kind || "model") : null, " ",
    row.present ? licence(row.class, row.licenses) : outside(), " ",
    row.firm === false ? h("span", { class: "outside" }, `· only by its ${row.evidence === "prose" ? `text${row.line ? `, line ${row.line}` : ""}` : row.evidence}`) : null,
  ];

  /** The lineage of a repository, hop by hop with the licence of each; beyond an unknown one nothing is known. */
  const ancestors = (repo) => table("Lineage with licences", [
    ["hops", (row) => number(row.hops), "hops"],
    ["from this repository upwards", (row) => h("ol", { class: "path" }, row.path.map((name, i) => h("li", {}, link("lineage", name), " ",
      row.licenses[i] ? licence("", [row.licenses[i]]) : i === row.path.length - 1 && row.state !== "present" ? h("span", { class: "outside" }, row.state === "absent" ? "does not exist" : "not in this audit") : licence("none")))), "text"],
  ], repo.ancestors);

  const repoTable = (caption, rows) => table(caption, [
    ["repository", (row) => repoLink(row.key), "key"],
    ["kind", (row) => row.kind],
    ["score", (row) => score(row.score), "meter"],
    ["documented", (row) => (row.has_card ? `${[...row.health].filter((each) => !"p-".includes(each)).length} of ${row.health.length}` : "no card")],
    ["errors", (row) => number(row.errors), "figure"],
    ["warnings", (row) => number(row.warnings), "figure"],
    ["notes", (row) => number(row.notes), "figure"],
    ["licence", (row) => licence(row.class)],
  ], rows);

  const missing = (what, key) => page(`No ${what} of this name`, h("p", {}, "This audit holds no ", what, " called ", h("code", {}, key), "."));

  /** Definitions: [term, value], those without a value left out. */
  const list = (entries) => h("dl", {}, entries.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));

  return { page, block, badge, licence, link, repoLink, bar, meter, score, table, picture, pager, filters, save, edge, ancestors, outside, repoTable, missing, list, words };
})();

/** Rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
cardlint.csv = (rows) => {
  const cell = (value) => {
    const text = typeof value === "string" ? cardlint.visible(value).replace(/^(?=[\s]*[=+\-@|%])/, "'") : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const columns = Object.keys(rows[0] ?? {}).filter((name) => typeof (rows[0][name] ?? "") !== "object");
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
};
