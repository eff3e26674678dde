// The first page: what a board asks first, each answer with its numbers.
"use strict";

cardlint.views.overview = async () => {
  const { h, number, percent, share, plural, words } = cardlint;
  const { page, block, table, picture, link, licence, score, bar, badge, list } = cardlint.parts;
  const data = await cardlint.source.overview();
  const { totals, run } = data;

  const figure = (value, text, detail, target) => h("li", {}, h("strong", {}, value), target ? h("a", { href: target }, text) : h("span", {}, text), h("small", {}, detail));
  const figures = h("ul", { class: "figures" },
    figure(number(totals.repos), "repositories", data.kinds.map((row) => plural(row.repos, row.kind)).join(", "), cardlint.to("repos")),
    figure((totals.score ?? 0).toFixed(0), "mean documentation score", "of 100 points; what is documented, not how good a model is"),
    figure(percent(share(totals.licensed, totals.repos)), "declare a licence", `${number(totals.repos - totals.licensed)} do not`, cardlint.to("repos", null, { licence: "none" })),
    figure(number(totals.with_errors), "repositories with errors", plural(totals.errors, "error"), cardlint.to("repos", null, { severity: "error", sort: "errors" })),
    figure(number(totals.without_card), "without a card", percent(share(totals.without_card, totals.repos)) + " of all", cardlint.to("repos", null, { card: "no" })),
    totals.failed ? figure(number(totals.failed), "could not be judged", "cardlint failed on these") : null,
  );

  const sections = [...new Set(data.sections.map((row) => row.kind))].map((kind) => {
    const rows = data.sections.filter((row) => row.kind === kind);
    const least = [...rows].sort((a, b) => documented(a) - documented(b)).slice(0, 3);
    return h("div", {}, h("h3", {}, `${kind} cards (${number(rows[0].repos)})`),
      h("p", {}, "Least documented: ", least.map((row, i) => [i ? ", " : "", h("a", { href: cardlint.to("repos", null, { kind, undocumented: row.name }) }, words(row.name)), ` ${percent(documented(row))}`]), "."),
      picture(`sections-${kind}`, `Share of ${kind} repositories that document each section: ${rows.map((row) => `${words(row.name)} ${percent(documented(row))}`).join(", ")}.`,
        `share of ${kind} repositories that document each section`, [
          ["section", (row) => words(row.name)], ["documented", (row) => bar(documented(row)), "meter"], ["in words", (row) => number(row.substantive), "figure"],
          ["few words", (row) => number(row.thin), "figure"], ["metadata, files", (row) => number(row.metadata + row.files), "figure"],
          ["placeholder", (row) => number(row.placeholder), "figure"], ["absent", (row) => number(row.absent), "figure"],
        ], rows));
  });

  const classes = data.licenses.classes;
  const licences = [
    picture("licences", `Repositories by class of licence: ${classes.map((row) => `${row.label} ${number(row.repos)}`).join(", ")}.`, "repositories by class of licence", [
      ["class", (row) => h("a", { href: cardlint.to("repos", null, { licence: row.class }) }, row.label)],
      ["repositories", (row) => number(row.repos), "figure"], ["share", (row) => bar(share(row.repos, totals.repos)), "meter"],
    ], classes),
    h("details", {}, h("summary", {}, `The ${data.licenses.ids.length} most common licences`), table("Most common licences", [
      ["declared", (row) => licence(row.class, [row.license])], ["class", (row) => cardlint.LICENCES[row.class]], ["repositories", (row) => number(row.repos), "figure"],
    ], data.licenses.ids)),
  ];

  const families = data.families.length ? picture("families", `Findings by family of rules: ${data.families.map((row) => `${row.label} ${number(row.error + row.warning + row.note)}`).join(", ")}.`, "findings by family and severity", [
    ["family", (row) => link("rules", null, `${row.family} ${row.label}`, { family: row.family })],
    ["errors", (row) => number(row.error), "figure"], ["warnings", (row) => number(row.warning), "figure"], ["notes", (row) => number(row.note), "figure"],
  ], data.families) : h("p", {}, "There are no findings.");

  const owners = (caption, rows) => table(caption, [
    ["owner", (row) => link("owner", row.owner)], ["repositories", (row) => number(row.repos), "figure"], ["score", (row) => score(row.score), "meter"],
    ["errors", (row) => number(row.errors), "figure"],
  ], rows, { caption: true });

  const trend = data.trend.length > 1 ? block("Trend", h("div", { class: "pair" },
    picture("trend-documentation", `Documentation over ${data.trend.length} audits: ${data.trend.map((row) => `${row.label} score ${row.score}, sections documented ${row.documented} %, with a licence ${row.licensed} %`).join("; ")}.`, "documentation by audit", [
      ["audit", (row) => row.label], ["repositories", (row) => number(row.repos), "figure"], ["score", (row) => row.score.toFixed(1), "figure"],
      ["sections documented", (row) => `${row.documented} %`, "figure"], ["with a licence", (row) => `${row.licensed} %`, "figure"],
    ], data.trend),
    picture("trend-findings", `Findings for each hundred repositories over ${data.trend.length} audits: ${data.trend.map((row) => `${row.label} errors ${row.error}, warnings ${row.warning}, notes ${row.note}`).join("; ")}.`, "findings for each hundred repositories", [
      ["audit", (row) => row.label], ["errors", (row) => row.error, "figure"], ["warnings", (row) => row.warning, "figure"], ["notes", (row) => row.note, "figure"],
    ], data.trend)),
    h("h3", {}, `Since ${data.changes.since}`),
    h("p", {}, `In repositories that both audits saw, ${plural(data.changes.gone, "finding")} went and ${plural(data.changes.came, "finding")} came.`),
    data.changes.rules.length ? table(`Findings by rule since ${data.changes.since}`, [
      ["rule", (row) => link("rule", row.code, `${row.code} ${row.name}`)], ["went", (row) => number(row.gone), "figure"], ["came", (row) => number(row.came), "figure"],
    ], data.changes.rules) : null) : null;

  const unchecked = block("What could not be checked", h("p", {}, "A rule that could not be checked has neither passed nor failed."),
    data.unchecked.length ? table("What could not be checked", [
      ["reason", (row) => row.reason], ["repositories", (row) => number(row.repos), "figure"],
      ["rules", (row) => h("details", {}, h("summary", {}, plural(row.rules.length, "rule or family", "rules or families")), row.rules.join(", "))],
    ], data.unchecked) : h("p", {}, "Everything was checked."));

  const bins = data.scores.flatMap((row) => row.bins.map((repos, i) => ({ kind: row.kind, range: `${10 * i} to ${10 * i + 9 + (i === 9)}`, repos })));
  const scores = block("Documentation score", picture("scores", `Repositories by documentation score: ${bins.map((row) => `${row.kind}s ${row.range}: ${number(row.repos)}`).join(", ")}.`, "repositories by documentation score", [
      ["score", (row) => row.range], ["kind", (row) => row.kind], ["repositories", (row) => number(row.repos), "figure"],
    ], bins), h("p", {}, "Each repository's page shows how its score is derived."));
  return page("Audit of model cards", figures, trend,
    block("What the cards document", h("p", {}, "Of all repositories, those without a card included. A section counts as documented where the text, the metadata or the files answer it."), h("div", { class: "pair" }, sections)),
    h("div", { class: "pair" }, block("Licences", licences), scores),
    block("Findings", h("p", {}, badge("error", plural(totals.errors, "error")), " ", badge("warning", plural(totals.warnings, "warning")), " ", badge("note", plural(totals.notes, "note")), "."),
      h("div", { class: "pair" }, h("div", {}, families), h("div", {}, data.rules.length ? table("Most frequent, the severest first", [
        ["rule", (row) => link("rule", row.code, `${row.code} ${row.name}`)], ["severity", (row) => badge(row.severity)], ["repositories", (row) => number(row.repos), "figure"],
      ], data.rules, { caption: true }) : null))),
    data.owners.best.length ? block("Owners", h("p", {}, `Owners with ${data.owners.least} repositories or more, by their mean score.`),
      h("div", { class: "pair" }, owners("Lowest mean scores", data.owners.worst), owners("Highest mean scores", data.owners.best))) : null,
    unchecked,
    block("About this audit", list([
      ["cardlint", run.version], ["engine and data", run.engine], ["profile", run.profile], ["scopes", run.scopes.join(", ")], ["rules that ran", number(run.rules)],
      ["waivers in force", number(totals.waived)], ["silenced in the card", number(totals.suppressed)], ["silencing not honoured", number(totals.unhonoured)],
    ])));

  function documented(row) {
    return share(row.substantive + row.thin + row.metadata + row.files, row.repos);
  }
};
