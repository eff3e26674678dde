// Families: where licences conflict, what most was built from, and the tree around one repository.
"use strict";

cardlint.views.lineage = async (key) => (key ? cardlint.views.family(key) : cardlint.views.families());

cardlint.views.families = async () => {
  const { h, number } = cardlint;
  const { page, block, table, badge, link, licence } = cardlint.parts;
  const data = await cardlint.source.lineage();
  const names = (rows, relation) => rows.filter((row) => row.relation === relation);
  const families = (title, rows) => block(title, rows.length ? table(title, [
    ["name", (row) => link("lineage", row.key), "key"], ["repositories that name it", (row) => number(row.children), "figure"],
    ["licence", (row) => (row.present ? licence(row.class, row.licenses) : h("span", { class: "outside" }, "not in this audit"))],
  ], rows) : h("p", {}, "The cards of this audit name none."));
  return page("Lineage",
    block("Findings on lineage", data.conflicts.length ? table("Findings on lineage", [
      ["repository", (row) => link("lineage", row.key), "key"], ["finding", (row) => [badge(row.severity), " ", link("rule", row.code), " ", row.message], "text"],
    ], data.conflicts) : h("p", {}, "None. What lies outside this audit could not be checked.")),
    families("Models that most cards name as their base", names(data.families, "base_model")), families("Data that most cards name", names(data.families, "dataset")));
};

cardlint.views.family = async (key) => {
  const { h, number, plural } = cardlint;
  const { page, block, link, edge, missing, badge, ancestors: lineageOf } = cardlint.parts;
  const DEEPEST = 8, MOST = 200;
  const root = await cardlint.source.node(key);
  if (!root) {
    const found = missing("family", key);
    if (await cardlint.source.repo(key)) found.content = [found.content[0], h("p", {}, "Neither its card nor any other names what it was built from: see ", link("repo", key, "its page"), ".")];
    return found;
  }
  let drawn = 0;

  const label = (row) => [
    h("span", { class: "name" }, link("lineage", row.key)), " ",
    edge(row), " ",
    row.errors ? badge("error", plural(row.errors, "error")) : null, " ",
    row.present ? link("repo", row.key, "page") : null,
  ];

  // upwards everything that is known, downwards one step and more on demand
  const ancestors = async (row, path) => {
    if (path.length >= DEEPEST || (drawn += 1) > MOST) return null;
    const node = path.length ? await cardlint.source.node(row.key) : root;
    const firm = node?.parents.filter((parent) => !path.length || parent.firm) ?? []; // beyond the first step only what is sure
    if (!firm.length) return null;
    const items = await Promise.all(firm.map(async (parent) => h("li", {}, label(parent),
      path.includes(parent.key) || parent.key === row.key ? h("em", {}, " (a circle)") : await ancestors(parent, [...path, row.key]))));
    return h("ul", {}, items);
  };
  const descendants = (node) => h("ul", {}, node.children.map((child) => {
    const item = h("li", {}, label(child));
    if (child.present && child.relation !== "dataset") {
      const more = h("button", { type: "button", class: "more", "aria-expanded": "false", "aria-label": `Show what was built from ${child.key}`, on: { click: async () => {
        const next = await cardlint.source.node(child.key);
        more.replaceWith(next?.children.length ? h("span", {}) : h("em", {}, "nothing in this audit"));
        if (next?.children.length) item.append(descendants(next));
      } } }, "built from it");
      if (child.more) item.append(" ", more);
    }
    return item;
  }), node.count > node.children.length ? h("li", {}, `and ${number(node.count - node.children.length)} more`) : null);

  const up = await ancestors(root, []);
  const [repo, rules] = await Promise.all([root.present ? cardlint.source.repo(key) : null, cardlint.source.rules()]);
  const onLineage = new Set(rules.filter((rule) => rule.family === "LIN" || (rule.scope === "hub" && ["LIC", "DAT"].includes(rule.family))).map((rule) => rule.code));
  const own = repo?.findings.filter((each) => onLineage.has(each.code)) ?? [];
  return page(`Family of ${key}`,
    h("p", {}, label(root)),
    own.length ? block("Findings on its lineage", h("ul", { class: "plain" }, own.map((each) => h("li", {}, badge(each.severity), " ", link("rule", each.code), " ", each.message)))) : null,
    repo?.ancestors.length ? block("Lineage with licences", lineageOf(repo)) : null,
    block("What it was built from", up ? h("div", { class: "tree up" }, up) : h("p", {}, "Nothing that is known.")),
    block(`What was built from it (${number(root.count)})`, root.children.length ? h("div", { class: "tree" }, descendants(root)) : h("p", {}, "Nothing in this audit.")));
};
