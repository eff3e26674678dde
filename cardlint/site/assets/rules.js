// The rules that ran: what each demands, why, and how often it spoke.
"use strict";

cardlint.views.rules = async (_, query) => {
  const { h, number, share, plural } = cardlint;
  const { page, filters, table, badge, link, bar } = cardlint.parts;
  const [rules, overview] = await Promise.all([cardlint.source.rules(), cardlint.source.overview()]);
  const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = rules.filter((rule) => (!query.family || rule.family === query.family) && (!query.severity || rule.severity === query.severity) &&
    (query.silent || rule.repos) && words.every((word) => `${rule.code} ${rule.name} ${rule.summary}`.toLowerCase().includes(word)));
  if (query.sort !== "code") found.sort((a, b) => b.repos - a.repos || cardlint.compare(a.code, b.code));
  const families = [...new Map(rules.map((rule) => [rule.family, rule.label]))];
  cardlint.say(plural(found.length, "rule"));
  return page("Rules",
    filters("rules", null, query, [
      ["q", "Contains"], ["family", "Family", [["", "all"], ...families.map(([family, label]) => [family, `${family} ${label}`])]],
      ["severity", "Severity", [["", "all"], ["error", "error"], ["warning", "warning"], ["note", "note"]]],
      ["silent", "Rules without findings", [["", "left out"], ["yes", "shown"]]], ["sort", "Order", [["", "most repositories"], ["code", "code"]]],
    ]),
    h("p", { class: "count" }, `${plural(found.length, "rule")} of ${number(rules.length)} that ran`),
    table("Rules", [
      ["rule", (rule) => [link("rule", rule.code), " ", h("span", { class: "name" }, rule.name)], "key"], ["demand", (rule) => rule.summary, "text"], ["severity", (rule) => badge(rule.severity)],
      ["repositories", (rule) => number(rule.repos), "figure"], ["share", (rule) => bar(share(rule.repos, overview.totals.repos)), "meter"],
      ["findings", (rule) => number(rule.findings), "figure"],
    ], found));
};

cardlint.views.rule = async (code, query) => {
  const { h, number, plural, percent, share } = cardlint;
  const { page, block, badge, list, link, repoTable, pager, missing } = cardlint.parts;
  const [rules, overview] = await Promise.all([cardlint.source.rules(), cardlint.source.overview()]);
  const rule = rules.find((each) => each.code === code);
  if (!rule) return missing("rule", code ?? "");
  const found = await cardlint.source.repos({ ...query, rule: code });
  return page(`${rule.code} ${rule.name}`,
    h("p", { class: "lead" }, rule.summary),
    h("p", {}, badge(rule.severity), ` ${percent(share(rule.repos, overview.totals.repos))} of all repositories: ${plural(rule.findings, "finding")} in ${number(rule.repos)}.`),
    rule.why ? block("Why", h("p", { class: "prose" }, rule.why)) : null,
    rule.help ? block("What to do", h("p", { class: "prose" }, rule.help)) : null,
    block("About the rule", list([
      ["family", link("rules", null, `${rule.family} ${rule.label}`, { family: rule.family })], ["scope", rule.scope], ["confidence", rule.confidence], ["status", rule.status],
      ["not checked", rule.unchecked ? `in ${plural(rule.unchecked, "repository", "repositories")}` : null],
    ])),
    block("Repositories with this finding", found.total ? [repoTable("Repositories with this finding", found.rows), pager("rule", code, query, found),
      h("p", {}, link("repos", null, "Search among them", { rule: code }))] : h("p", {}, "None.")));
};
