// Owners beside each other, and one owner's page.
"use strict";

cardlint.views.owners = async (_, query) => {
  const { h, number, plural, percent, share } = cardlint;
  const { page, filters, table, link, score, pager, save } = cardlint.parts;
  const found = await cardlint.source.owners(query);
  cardlint.say(plural(found.total, "owner"));
  return page("Owners",
    filters("owners", null, query, [
      ["q", "Name contains"], ["least", "Repositories", [["", "any number"], ["2", "2 or more"], ["5", "5 or more"], ["20", "20 or more"], ["100", "100 or more"]]],
      ["sort", "Order", [["", "most repositories"], ["name", "name"], ["score", "lowest score"], ["best", "highest score"], ["errors", "most errors"]]],
    ]),
    h("p", { class: "count" }, plural(found.total, "owner"), " ", save("owners", query)),
    table("Owners", [
      ["owner", (row) => link("owner", row.owner), "key"], ["repositories", (row) => number(row.repos), "figure"], ["mean score", (row) => score(row.score), "meter"],
      ["with a licence", (row) => percent(share(row.licensed, row.repos)), "figure"], ["without a card", (row) => number(row.without_card), "figure"],
      ["with errors", (row) => number(row.with_errors), "figure"], ["errors", (row) => number(row.errors), "figure"], ["warnings", (row) => number(row.warnings), "figure"],
    ], found.rows), pager("owners", null, query, found));
};

cardlint.views.owner = async (name, query) => {
  const { h, number, plural, percent, share } = cardlint;
  const { page, block, repoTable, pager, missing, link, table, bar } = cardlint.parts;
  const owner = await cardlint.source.owner(name ?? "");
  if (!owner) return missing("owner", name ?? "");
  const [found, rules] = await Promise.all([cardlint.source.repos({ sort: "score", ...query, owner: name }), cardlint.source.rules()]);
  const names = new Map(rules.map((rule) => [rule.code, rule.name]));
  const figure = (value, text) => h("li", {}, h("strong", {}, value), h("span", {}, text));
  return page(name, h("ul", { class: "figures" },
    figure(number(owner.repos), owner.repos === 1 ? "repository" : "repositories"), figure(owner.score.toFixed(0), "mean documentation score"),
    figure(percent(share(owner.licensed, owner.repos)), "with a licence"), figure(number(owner.without_card), "without a card"),
    figure(number(owner.with_errors), "with errors")),
    block("Findings in most of its repositories", owner.rules.length ? table("Findings in most of its repositories", [
      ["rule", ([code]) => link("rule", code, `${code} ${names.get(code) ?? ""}`)], ["repositories", ([, repos]) => number(repos), "figure"], ["share", ([, repos]) => bar(share(repos, owner.repos)), "meter"],
    ], owner.rules) : h("p", {}, "None.")),
    block("Repositories, the least documented first", repoTable(plural(found.total, "repository", "repositories"), found.rows), pager("owner", name, query, found),
      h("p", {}, link("repos", null, "Search among them", { owner: name }))));
};
