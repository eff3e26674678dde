// The data of a static site: script files beside the page, loaded when a page needs them, filtered and sorted here.
"use strict";

cardlint.source = (() => {
  const waiting = new Map(), loaded = new Map();
  const NAME = /^[a-z]+(\/[A-Za-z0-9]+)?$/;
  const address = (name) => {
    if (!NAME.test(name)) throw new Error("no such data");
    return `data/${name}.js`;
  };
  const policy = window.trustedTypes?.createPolicy("cardlint-data", { createScriptURL: address });

  cardlint.put = (name, data) => waiting.get(name)?.(data);

  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.onload = () => script.remove();
        script.onerror = () => reject(new Error(`the site's file data/${name}.js is missing`));
        script.src = policy ? policy.createScriptURL(name) : address(name);
        document.head.append(script);
      }));
      if (name.startsWith("repo/") || name.startsWith("node/")) forget(name);
    }
    return loaded.get(name);
  };

  const kept = []; // chunks of details: the last few stay
  const forget = (name) => {
    kept.push(name);
    if (kept.length > 40) loaded.delete(kept.shift());
  };

  const row = async (table, key) => {
    const first = await load(`${table}/directory`);
    let low = 0, high = first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cardlint.compare(first[middle], key) <= 0) low = middle + 1;
      else high = middle;
    }
    if (!low) return null;
    const chunk = await load(`${table}/${low - 1}`);
    const at = chunk.keys.indexOf(key);
    return at < 0 ? null : { value: chunk.rows[at], texts: chunk.texts };
  };

  let index = null;
  const all = () => {
    index ??= (async () => {
      const count = await load("index/directory");
      const chunks = await Promise.all(Array.from({ length: count }, (_, i) => load(`index/${i}`)));
      return chunks.flatMap(({ columns: [keys, owner, licence, score, errors, warnings, notes, has_card, health], texts }) =>
        keys.map((key, i) => ({
          key, owner: texts[owner[i]] ?? null, class: texts[licence[i]], score: score[i], errors: errors[i], warnings: warnings[i],
          notes: notes[i], has_card: has_card[i], health: health[i], kind: cardlint.kind(key),
        })));
    })();
    return index;
  };

  const OWNER = ["repos", "without_card", "with_errors", "errors", "warnings", "notes", "licensed", "score", "rules"];
  const owner = (name, values) => ({ owner: name, ...Object.fromEntries(OWNER.map((key, i) => [key, values[i]])) });
  const owners = async () => {
    const first = await load("owner/directory");
    const chunks = await Promise.all(first.map((_, i) => load(`owner/${i}`)));
    return chunks.flatMap((chunk) => chunk.keys.map((key, i) => owner(key, chunk.rows[i])));
  };

  const having = async (code) => {
    const rule = (await load("rules")).find((each) => each.code === code);
    if (!rule?.repos) return new Set();
    let last = 0;
    return new Set((await load(`rule/${code}`)).map((gap) => (last += gap)));
  };

  const sorted = (rows, name, orders) => {
    const [column, direction] = orders[name] ?? orders[""];
    if (!column) return rows;
    return rows.sort((a, b) => direction * (column(a) - column(b)));
  };
  const paged = (rows, query) => {
    const size = cardlint.PAGE, page = Math.max(1, Number.parseInt(query.page ?? "1", 10) || 1);
    return { total: rows.length, page, size, rows: rows.slice((page - 1) * size, page * size) };
  };
  const matches = (text, words) => words.every((word) => text.includes(word));
  const wordsOf = (query) => (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);

  const chosenRepos = async (query) => {
    const rows = await all(), words = wordsOf(query), numbers = query.rule ? await having(query.rule) : null;
    const place = query.undocumented && query.kind ? (await load("overview")).sections.filter((each) => each.kind === query.kind)
      .findIndex((each) => each.name === query.undocumented) : -1;
    return sorted(rows.filter((row, n) =>
      (!numbers || numbers.has(n)) && (!query.kind || row.kind === query.kind) && (!query.owner || row.owner === query.owner) &&
      (!query.licence || row.class === query.licence) && (!query.severity || row[`${query.severity}s`] > 0) &&
      (!query.card || row.has_card === (query.card === "yes")) && (place < 0 || "p-".includes(row.health[place])) &&
      matches(row.key.toLowerCase(), words)), query.sort, {
      "": [null, 1], score: [(row) => row.score, 1], best: [(row) => row.score, -1], errors: [(row) => row.errors, -1],
      findings: [(row) => row.errors + row.warnings + row.notes, -1],
    });
  };
  const chosenOwners = async (query) => {
    const words = wordsOf(query);
    const rows = (await owners()).filter((row) => matches(row.owner.toLowerCase(), words) && row.repos >= (Number(query.least) || 1));
    return sorted(rows, query.sort, {
      "": [(row) => row.repos, -1], name: [null, 1], score: [(row) => row.score, 1], best: [(row) => row.score, -1],
      errors: [(row) => row.errors, -1],
    });
  };

  const unpack = ({ value, texts }) => ({
    ...value,
    findings: value.findings.map(([code, severity, confidence, message, help, at, line, column]) => ({
      code: texts[code], severity: texts[severity], confidence: texts[confidence], message: texts[message], help: texts[help],
      at: texts[at], line, column,
    })),
    score: { ...value.score, parts: value.score.parts.map(([name, weight, got, why]) => ({ name: texts[name], weight, got, why: texts[why] })) },
    sections: value.sections.map(([name, state, heading, line]) => ({ name: texts[name], state: texts[state], heading, line })),
    controls: value.controls.map(([standard, control, state, reason, evidence]) => ({
      standard: texts[standard], control: texts[control], state: texts[state], reason: texts[reason], evidence: evidence.map((at) => texts[at]),
    })),
    unchecked: value.unchecked.map(([reason, rules]) => ({ reason: texts[reason], rules: rules.map((rule) => texts[rule]) })),
  });

  return {
    overview: () => load("overview"),
    rules: () => load("rules"),
    lineage: () => load("lineage"),
    standards: () => load("standards"),
    repos: async (query) => paged(await chosenRepos(query), query),
    owners: async (query) => paged(await chosenOwners(query), query),
    owner: async (name) => {
      const found = await row("owner", name);
      return found && owner(name, found.value);
    },
    repo: async (key) => {
      const found = await row("repo", key);
      return found && unpack(found);
    },
    node: async (key) => (await row("node", key))?.value ?? null,
    csv: async (view, query) => {
      const rows = await (view === "repos" ? chosenRepos(query) : chosenOwners(query));
      return URL.createObjectURL(new Blob([cardlint.csv(rows)], { type: "text/csv;charset=utf-8" }));
    },
  };
})();
