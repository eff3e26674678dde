// The reader's choice of light or dark, before anything is drawn. Without a choice the system's holds.
"use strict";

const theme = {
  read() {
    try {
      return localStorage.getItem("cardlint-theme");
    } catch {
      return null; // no storage: the choice lasts as long as the page
    }
  },
  dark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  },
  choose(name) {
    document.documentElement.dataset.theme = name;
    try {
      localStorage.setItem("cardlint-theme", name);
    } catch {
      // as above
    }
  },
};
const chosen = theme.read();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
