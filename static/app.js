// The little that HTML cannot do by itself. Every page works without this file.
"use strict";

// Pickers: a <select data-picker> becomes a type-ahead list, "creme" finding "crème".
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (!window.TomSelect || !root.querySelectorAll) return;
  const selects = [...root.querySelectorAll("select[data-picker]")];
  if (root.matches("select[data-picker]")) selects.push(root);
  for (const select of selects) openPicker(select);
});

function openPicker(select) {
  if (select.tomselect) return;
  // Tom Select takes the label away from the select that it hides.
  const label = select.labels[0];
  if (label && !select.hasAttribute("aria-label")) {
    select.setAttribute("aria-label", label.firstChild.textContent.trim());
  }
  new TomSelect(select, {
    maxOptions: null,
    refreshThrottle: 0, // whoever types fast and presses Enter means what they typed
    plugins: select.multiple ? ["remove_button"] : [],
    closeAfterSelect: true,
    onItemAdd() {
      // What was typed to find one is not the beginning of the next.
      if (select.multiple) this.setTextboxValue("");
    },
  });
  // The type-ahead field speaks for both: a screen reader need not meet the select a second time.
  select.setAttribute("aria-hidden", "true");
}

document.addEventListener("htmx:beforeCleanupElement", (event) => {
  const select = event.detail.elt;
  if (!select.tomselect) return;
  select.tomselect.destroy();
  select.removeAttribute("aria-hidden");
});

// A request that failed says so where the user looks, until the next one.
function sayFailure(sentence) {
  const failure = document.getElementById("failure");
  failure.textContent = sentence;
  if (!sentence) return;
  document.getElementById("status").textContent = "";
  failure.scrollIntoView({ block: "nearest" });
}

const REASONS = {
  400: "the bakehouse could not read the request.",
  403: "this page is out of date or not for this account. Load it again.",
  404: "it is no longer there. Load the page again.",
  409: "it was changed meanwhile. Load the page again.",
  413: "that was more than one page takes. Make it shorter and send it again.",
  429: "there were too many tries. Wait a quarter of an hour.",
  503: "the bakehouse is busy. Try again in a moment.",
  507: "the disk of the bakehouse is full.",
};

// The login is gone: a form goes to the server whole, which keeps it until somebody is logged in again.
function askForLogin({ elt, requestConfig, xhr }) {
  const form = elt.closest("form[method=post]");
  if (!form) {
    location.assign(xhr.getResponseHeader("X-Login"));
  } else if (requestConfig.verb === "get") {
    sayFailure("You are no longer logged in. What you typed is still here: send it, then log in.");
  } else {
    const button = requestConfig.triggeringEvent && requestConfig.triggeringEvent.submitter;
    if (button && button.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
      form.append(pressed);
    }
    form.submit();
  }
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) return askForLogin(event.detail);
  const reason = REASONS[event.detail.xhr.status] || "something broke in the bakehouse. Try again.";
  sayFailure(`Nothing was saved: ${reason}`);
});
document.addEventListener("htmx:sendError", () => {
  sayFailure("Nothing was saved: the bakehouse cannot be reached. Check the network and try again.");
});
document.addEventListener("htmx:timeout", () => {
  sayFailure("No answer came in time. Try again: what was recorded already is not recorded twice.");
});
document.addEventListener("htmx:beforeRequest", () => sayFailure(""));
// The last sentence stays until the next one is there, so that nothing jumps under the finger; emptied first, the
// same sentence is said again.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.verb !== "get") document.getElementById("status").textContent = "";
});

// What is only looked at needs neither the token nor the key of a form: an address ends up in logs.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  for (const name of ["csrfmiddlewaretoken", "uuid"]) event.detail.formData.delete(name);
});

// Focus: when a swap takes away what had it, it goes where data-back="id" says, to the row that moved up, to the
// list, else to the page.
let neighbours = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  const row = active.closest("tr[id], li[id]") || active.closest("tr, li");
  const back = active.closest("[data-back]");
  neighbours = back ? [back.dataset.back] : [];
  if (!row || !event.detail.target.contains(row)) return;
  for (const near of [row, row.nextElementSibling, row.previousElementSibling, row.parentElement]) {
    if (near && near.id) neighbours.push(near.id);
  }
});
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body) return;
  if (!neighbours.length) return;
  const near = neighbours.map((id) => document.getElementById(id)).find(Boolean) || document.querySelector("main");
  const reached = "a, button, input, select, summary";
  const target = near.matches(`${reached}, main`) ? near : near.querySelector(reached) || near;
  if (target === near) near.setAttribute("tabindex", "-1");
  target.focus();
});

// The second click of a double click, and a key held down, may meet the button that the first one brought back:
// they are not meant twice.
document.addEventListener(
  "click",
  (event) => {
    if (event.detail < 2 || !event.target.closest("form[hx-post] button")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest("form[hx-post] button")) event.preventDefault();
});

// The menu closes like one: by Escape, or by a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <button data-print> prints; without JavaScript it does not show.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.documentElement.classList.add("with-script");

// <select data-own-zone> begins at the time zone of the browser.
document.addEventListener("DOMContentLoaded", () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const select of document.querySelectorAll("select[data-own-zone]")) {
    if ([...select.options].some((option) => option.value === zone)) {
      select.value = zone;
      if (select.tomselect) select.tomselect.setValue(zone, true);
    }
  }
});

// A link made for somebody else: <button data-copy="id of the field">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  document.execCommand("copy");
  document.getElementById("status").textContent = "Copied.";
});
