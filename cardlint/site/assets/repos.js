// The list of repositories with search and filters; every state of it is an address.
"use strict";

cardlint.views.repos = async (_, query) => {
  const { h, plural, words } = cardlint;
  const { page, filters, repoTable, pager, save } = cardlint.parts;
  const [found, overview] = await Promise.all([cardlint.source.repos(query), cardlint.source.overview()]);
  const sections = overview.sections.filter((row) => row.kind === query.kind).map((row) => [row.name, words(row.name)]);
  const form = filters("repos", null, query, [
    ["q", "Name contains"],
    ["kind", "Kind", [["", "all"], ...overview.kinds.map((row) => [row.kind, row.kind])]],
    ["severity", "With", [["", "anything"], ["error", "errors"], ["warning", "warnings"], ["note", "notes"]]],
    ["licence", "Licence", [["", "all"], ...Object.entries(cardlint.LICENCES)]],
    ["undocumented", "Does not document", [["", query.kind ? "any or none" : "(choose a kind first)"], ...sections]],
    ["card", "Card", [["", "all"], ["yes", "has one"], ["no", "has none"]]],
    ["sort", "Order", [["", "name"], ["score", "lowest score"], ["best", "highest score"], ["errors", "most errors"], ["findings", "most findings"]]],
    ["rule", "Finding of rule"],
    ["owner", "Owner"],
  ]);
  cardlint.say(plural(found.total, "repository", "repositories"));
  return page("Repositories", form, h("p", { class: "count" }, plural(found.total, "repository", "repositories"), " ", save("repos", query)),
    found.total ? repoTable("Repositories", found.rows) : h("p", {}, "No repository fits these filters."), pager("repos", null, query, found));
};
