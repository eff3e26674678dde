// The router: an address to a page, and what stands around every page.
"use strict";

(() => {
  const main = document.getElementById("content"), status = document.getElementById("status");
  const search = document.getElementById("search"), text = document.getElementById("search-text"), toggle = document.getElementById("theme");
  const PARENT = { repo: "repos", rule: "rules", owner: "owners" };
  let turn = 0;

  cardlint.say = (message) => { status.textContent = cardlint.visible(message); };

  const show = async () => {
    const mine = (turn += 1);
    const { view, key, query } = cardlint.from(location.hash);
    const name = Object.hasOwn(cardlint.views, view) ? view : "overview";
    main.setAttribute("aria-busy", "true");
    let page;
    try {
      page = await cardlint.views[name](key, query);
    } catch (error) {
      page = cardlint.parts.page("This page could not be shown", cardlint.h("p", {}, error.message));
    }
    if (mine !== turn) return; // the reader has gone on
    const held = document.activeElement?.closest("form.filters") ? document.activeElement : null;
    const place = held && { id: held.id, start: held.selectionStart, end: held.selectionEnd };
    main.replaceChildren();
    cardlint.fill(main, page.content);
    main.removeAttribute("aria-busy");
    main.dataset.view = name;
    document.title = `${cardlint.visible(page.title)} · cardlint audit`;
    for (const each of document.querySelectorAll("header nav a")) {
      if (each.getAttribute("href") === `#${PARENT[name] ?? name}`) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
    }
    const field = place && document.getElementById(place.id);
    if (field) {
      field.focus();
      if (field.type === "search") field.setSelectionRange(place.start, place.end);
    } else if (mine > 1 && document.activeElement !== text) {
      main.querySelector("h1")?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    document.documentElement.dataset.ready = String(mine);
  };

  let typed = 0;
  const find = (replace) => {
    clearTimeout(typed);
    const target = cardlint.to("repos", null, { q: text.value });
    if (replace && location.hash.startsWith("#repos")) location.replace(target);
    else location.hash = target;
  };
  search.addEventListener("submit", (event) => { event.preventDefault(); find(false); });
  text.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => find(true), 250); });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      text.focus();
      text.select();
    }
  });
  addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details")) each.open = true; });

  const named = () => {
    toggle.textContent = theme.dark() ? "Light" : "Dark";
    toggle.setAttribute("aria-label", theme.dark() ? "Switch to light colours" : "Switch to dark colours");
  };
  toggle.addEventListener("click", () => { theme.choose(theme.dark() ? "light" : "dark"); named(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", named);
  named();

  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  addEventListener("hashchange", show);
  void show();
})();
