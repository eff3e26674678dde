// The page of one repository.
"use strict";

cardlint.views.repo = async (key) => {
  const { h, number, plural, words } = cardlint;
  const { page, block, badge, licence, link, table, list, missing, meter } = cardlint.parts;
  const [repo, node] = await Promise.all([cardlint.source.repo(key ?? ""), cardlint.source.node(key ?? "")]);
  if (!repo) {
    const found = missing("repository", key ?? "");
    if (node) found.content.push(h("p", {}, "Others name it as what they were built from: ", link("lineage", key, "see its family"), "."));
    return found;
  }

  const facts = list([
    ["kind", repo.kind], ["owner", repo.owner && link("owner", repo.owner)], ["revision", repo.revision && h("code", {}, repo.revision)],
    ["card", repo.has_card ? `${number(repo.bytes)} bytes, metadata ${repo.front_matter}` : "no card"], ["card's SHA-256", repo.sha256 && h("code", {}, repo.sha256)],
    ["language of the card", repo.language], ["written by", repo.generator], ["task", repo.pipeline_tag], ["library", repo.library],
    ["downloads", repo.downloads && number(repo.downloads)], ["licences", licence(repo.class, repo.licenses)], ["languages", repo.languages.join(", ")], ["data", targets(repo.datasets, "datasets/")], ["base models", targets(repo.base_models, "")],
    ["silenced", repo.waived || repo.suppressed ? `${plural(repo.waived, "finding")} by waivers, ${number(repo.suppressed)} in the card` : null],
    ["failure", repo.failure],
  ]);

  function targets(names, prefix) {
    return names.length ? names.map((name, i) => [i ? ", " : "", link("lineage", prefix + name, name)]) : null;
  }

  const health = table("Health by section", [
    ["section", (row) => words(row.name)],
    ["state", (row) => h("span", { class: `state ${row.state}` }, h("span", { "aria-hidden": "true" }, cardlint.STATES[row.state][0]), ` ${cardlint.STATES[row.state][1]}`)],
    ["where", (row) => (row.line ? `line ${row.line}${row.heading ? `, “${row.heading}”` : ""}` : ""), "where"],
  ], repo.sections);
  const derivation = table("How the score is derived", [
    ["part", (row) => words(row.name)], ["points", (row) => `${round(row.got)} of ${row.weight}`, "figure"], ["why", (row) => row.why],
  ], repo.score.parts);

  const finding = (each) => h("li", { class: `finding ${each.severity}` },
    h("p", {}, badge(each.severity), " ", link("rule", each.code, `${each.code} ${names.get(each.code) ?? ""}`.trim()), h("span", { class: "place" }, ` line ${each.line}`)),
    h("p", { class: "message" }, each.message), each.help ? h("p", { class: "help" }, each.help) : null,
    h("p", { class: "place" }, h("code", {}, each.at), each.confidence === "high" ? null : ` · confidence ${each.confidence}`));
  const names = new Map((await cardlint.source.rules()).map((rule) => [rule.code, rule.name]));

  const artifacts = repo.artifacts?.files > 1 ? block("Artifacts", list([
    ["files", `${number(repo.artifacts.files)}${repo.artifacts.bytes ? `, ${cardlint.bytes(repo.artifacts.bytes)}` : ""}`],
    ["weights", repo.artifacts.formats?.join(", ")], ["parameters", repo.artifacts.parameters && number(repo.artifacts.parameters)],
    ["architecture", repo.artifacts.architectures?.join(", ")], ["model type", repo.artifacts.model_type], ["adapter of", repo.artifacts.adapter],
    ["pickles", repo.artifacts.pickles ? `${number(repo.artifacts.pickles)}: loading one runs code` : null],
    ["licence files", repo.artifacts.license_files?.join(", ")],
  ])) : null;

  const near = (rows, many) => rows.slice(0, 12).map((row) => h("li", {}, link("lineage", row.key), " ", cardlint.parts.edge(row)))
    .concat(many > 12 ? h("li", {}, `and ${number(many - 12)} more`) : []);
  const lineage = node || repo.ancestors.length || repo.copies.length ? block("Lineage",
    repo.ancestors.length ? cardlint.parts.ancestors(repo) : null,
    node ? h("div", { class: "pair" },
      h("div", {}, h("h3", {}, "Names as what it was built from"), node.parents.length ? h("ul", { class: "plain" }, near(node.parents, node.parents.length)) : h("p", {}, "Nothing.")),
      h("div", {}, h("h3", {}, "Built from it"), node.children.length ? h("ul", { class: "plain" }, near(node.children, node.count)) : h("p", {}, "Nothing in this audit."))) : null,
    repo.copies.length ? [h("h3", {}, "Cards that are much like this one"), h("ul", { class: "plain" }, repo.copies.map((row) => h("li", {}, link("repo", row.copy), ` ${cardlint.percent(100 * row.likeness)} alike`)))] : null,
    node ? h("p", {}, link("lineage", repo.key, "The whole family")) : null) : null;

  const texts = repo.controls.length ? new Map((await cardlint.source.standards()).flatMap((each) => each.controls.map((one) => [`${each.standard} ${one.control}`, one.text]))) : null;
  const places = texts ? [...texts.keys()] : [];
  const placed = (row) => places.indexOf(`${row.standard} ${row.control}`);
  const controls = repo.controls.length ? block("Controls of standards", [...new Set(repo.controls.map((each) => each.standard))].map((standard) =>
    table(standard, [
      ["control", (row) => [row.control, h("span", { class: "place" }, h("br", {}), texts.get(`${row.standard} ${row.control}`))], "text"], ["state", (row) => h("span", { class: `control ${row.state}` }, h("span", { "aria-hidden": "true" }, cardlint.CONTROLS[row.state] ?? ""), ` ${row.state.replace("-", " ")}`)],
      ["why", (row) => row.reason, "text"], ["evidence", (row) => row.evidence.join(", "), "where"],
    ], repo.controls.filter((each) => each.standard === standard).sort((a, b) => placed(a) - placed(b)), { caption: true }))) : null;

  const value = cardlint.share(repo.score.value, repo.score.of);
  return page(repo.key,
    h("div", { class: "pair" }, facts, h("div", { class: "scorebox" }, h("p", {}, "Documentation score"), h("p", { class: "big" }, value.toFixed(0), h("small", {}, " of 100")), meter(value),
      h("p", {}, badge("error", plural(repo.errors, "error")), " ", badge("warning", plural(repo.warnings, "warning")), " ", badge("note", plural(repo.notes, "note"))))),
    block("Findings", repo.findings.length ? h("ol", { class: "findings" }, repo.findings.map(finding)) : h("p", {}, "None.")),
    h("div", { class: "pair" }, block("Health by section", repo.has_card ? health : h("p", {}, "There is no card.")), block("How the score is derived", derivation)),
    artifacts, lineage, controls,
    block("Not checked", repo.unchecked.length ? table("Not checked", [["reason", (row) => row.reason], ["rules", (row) => row.rules.join(", ")]], repo.unchecked) : h("p", {}, "Every rule that applies was checked.")));

  function round(points) {
    return Number.isInteger(points) ? points : points.toFixed(1);
  }
};
