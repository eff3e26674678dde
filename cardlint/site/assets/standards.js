// Standards that the audit judged: how many repositories meet each control.
"use strict";

cardlint.views.standards = async () => {
  const { h, number, share, words } = cardlint;
  const { page, block, table, bar } = cardlint.parts;
  const standards = await cardlint.source.standards();
  const applying = (row) => row.met + row["not-met"];
  return page("Standards", h("p", {}, "The share speaks of repositories whose card tells: what only a person can judge and what could not be checked stands beside it."),
    standards.length ? standards.map((standard) => block(standard.title, table(standard.title, [
      ["control", (row) => h("span", {}, row.control, row.text ? h("span", { class: "place" }, h("br", {}), row.text) : null), "text"], ["clause", (row) => row.clause, "where"],
      ["share met", (row) => (applying(row) ? bar(share(row.met, applying(row))) : "–"), "meter"],
      ...["met", "not-met", "not-checked", "manual", "not-applicable"].map((state) => [words(state.replace("-", " ")), (row) => number(row[state]), "figure"]),
    ], standard.controls))) : h("p", {}, "This audit judged no standard: see ", h("code", {}, "cardlint audit --standard"), "."));
};
