"""A page under watch: what it logs, what it asks for, and what of a stranger's text could act."""

from __future__ import annotations

ACTIVE = r"""
() => {
  const found = [];
  const alien = document.querySelectorAll("main :is(script, iframe, object, embed, svg, form[action], base, meta, link, style)");
  for (const each of alien) found.push(each.outerHTML.slice(0, 80));
  for (const each of document.querySelectorAll("main *"))
    for (const name of each.getAttributeNames()) {
      const value = each.getAttribute(name), leads = /^(href|src|action|srcdoc|formaction)$/.test(name);
      if (name.startsWith("on") || (leads && !/^(#|charts\/[a-z-]+\.svg$)/.test(value))) found.push(`${name}=${value}`);
    }
  if (window.ran !== undefined) found.push(`ran ${window.ran}`);
  return found;
}
"""


class Watched:
    """A page of the site at ``base``; ``problems`` are console messages, errors and requests that leave the site."""

    def __init__(self, browser, base: str, **options) -> None:
        self.base = base
        self.origin = base.rsplit("/", 1)[0]
        self.problems: list[str] = []
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.problems.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.problems.append("a dialog"), dialog.dismiss()))

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # who goes on to the next page gives up what is under way
            self.problems.append(f"failed: {request.url}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.origin, "blob:")):
            self.problems.append(f"request: {request.url}")

    def open(self, address: str = ""):
        """Go to a page of the site by its address and wait until it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}{address}")
        self.page.wait_for_function("() => document.documentElement.dataset.ready")
        return self.page

    def after(self, act):
        """Do something that leads to another page, and wait until that one is drawn."""
        before = self.page.evaluate("document.documentElement.dataset.ready")
        act()
        self.page.wait_for_function("(before) => document.documentElement.dataset.ready !== before", arg=before)
        return self.page

    def active(self) -> list[str]:
        """What of the page's content could act, or has."""
        found: list[str] = self.page.evaluate(ACTIVE)
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_exc) -> None:
        self.context.close()
