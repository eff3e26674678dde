// The data of `cardlint serve`: the same questions as in files.js, answered by the server.
"use strict";

cardlint.source = (() => {
  const address = (path, query) => {
    const words = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value)).toString();
    return `api/v1/${path}${words ? `?${words}` : ""}`;
  };
  const part = (path, key) => `${path}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const ask = async (target) => {
    const response = await fetch(target, { credentials: "omit", cache: "no-cache" });
    if (response.status === 404) return null;
    const found = await response.json();
    if (!response.ok) throw new Error(found.error);
    return found;
  };
  const held = new Map();
  const once = (path) => {
    if (!held.has(path)) held.set(path, ask(address(path)));
    return held.get(path);
  };
  return {
    overview: () => once("overview"),
    rules: () => once("rules"),
    lineage: () => once("lineage"),
    standards: () => once("standards"),
    repos: (query) => ask(address("repos", query)),
    owners: (query) => ask(address("owners", query)),
    owner: (name) => ask(part("api/v1/owners", name)),
    repo: (key) => ask(part("api/v1/repos", key)),
    node: (key) => ask(part("api/v1/lineage", key)),
    csv: async (view, query) => address(`${view}.csv`, Object.fromEntries(Object.entries(query).filter(([name]) => name !== "page"))),
  };
})();
